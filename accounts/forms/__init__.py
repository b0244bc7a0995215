"""What people fill in about people and places, one file per noun."""
