"""Setting up, building and trying the program; nothing here is shipped or imported by it."""
