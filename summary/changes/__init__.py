"""What may change in the Summary: check-ins are kept. Nothing that was kept is changed."""
