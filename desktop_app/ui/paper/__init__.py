"""The screen that prints paper forms: choose, see, save or print."""
