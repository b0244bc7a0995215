"""Views of toolkit, one file per noun."""
