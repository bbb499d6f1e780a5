"""Pages of rounds, guided forms and results."""
