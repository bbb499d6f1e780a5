"""Households, citizens, clans, organizations and hamlets: edit, list and search."""
