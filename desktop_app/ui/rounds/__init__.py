"""The round itself: its state, models, days and targets; the next one; who is registered."""
