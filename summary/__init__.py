"""What is counted over the trackers. Nothing here can be edited: it is computed from the rows."""
