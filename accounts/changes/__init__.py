"""Every write of people and places, each with its line in the audit log."""
