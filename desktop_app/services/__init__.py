"""What the program can do, one package per capability; nothing here knows of a window."""
