"""Every write of toolkit."""
