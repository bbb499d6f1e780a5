"""Steps from each stored version to the next, as frozen SQL; no step imports the program's tables.

Invariant: ``REVISIONS`` lists every step in order and its last is what this program writes.
"""

REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
