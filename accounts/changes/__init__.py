"""Every write of people, places and notices. Who gives or takes access leaves a line in the audit log."""
