"""Ideas that help a manager unblock a plan, and the help pages. Reads no rows."""
