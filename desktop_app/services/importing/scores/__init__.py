"""Score workbooks: which column, sheet or row is which indicator, and each form's scores as written."""
