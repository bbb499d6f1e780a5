"""``python -m desktop_app``: a command, or the window."""

from desktop_app.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
