"""The faults of `make faults`: what judges them, and one short burst with kills."""
