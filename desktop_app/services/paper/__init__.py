"""Paper forms of a round: codes, blank and prepared forms, cover sheets, assignment lists."""
