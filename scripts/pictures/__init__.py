"""The pictures of README.md: the four scenes, taken anew by a command."""
