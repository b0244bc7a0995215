"""People and places: who may see and do what, and the log of who did."""
