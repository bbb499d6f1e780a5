"""Sổ Học Tập: the learning-society register of one commune, without internet."""

__version__ = "0.1.0"
