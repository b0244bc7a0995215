"""Commands about people and about the log."""
