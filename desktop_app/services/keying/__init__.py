"""Keying stacks of paper forms: batches with their covers, whose form comes next, every cell saved as it is left."""
