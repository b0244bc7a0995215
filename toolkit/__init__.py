"""Ideas that help a manager unblock a plan, tied to what is needed, to a stage, or to running the meeting."""
