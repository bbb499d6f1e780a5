"""Keying screens: the batches of a round, the grid of one batch, its cover, and the guided form from within it."""
