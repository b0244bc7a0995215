"""Every write of the tracker. Each function is one act of one person, in one transaction."""
