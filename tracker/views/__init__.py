"""Views of the tracker, one file per noun."""
