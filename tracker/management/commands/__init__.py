"""One file a command: it reads its arguments, calls what does the work, and says what came of it."""
