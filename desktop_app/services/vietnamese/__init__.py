"""Vietnamese text as pure functions: folding, name order, CCCD, dates, old charsets, numbers in words."""
