"""Views of accounts, one file per noun."""
