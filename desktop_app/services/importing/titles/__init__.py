"""Titles of former years in lists: their columns, sheets and owners, and what the register would keep of them."""
