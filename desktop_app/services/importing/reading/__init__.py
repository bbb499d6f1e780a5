"""Files as they come: workbooks and text of every kind into plain cells, guarded, repaired by font; knows no person."""
