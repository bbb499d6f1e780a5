"""Rounds, answers and the pure scoring engine with its verdicts."""
