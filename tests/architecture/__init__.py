"""What holds for the whole tree: addresses, directions, styles."""
