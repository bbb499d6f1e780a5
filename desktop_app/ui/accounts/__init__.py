"""Accounts on the national site: states of people, counts that somebody follows, lists given and taken."""
