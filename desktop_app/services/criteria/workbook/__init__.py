"""The criteria workbook: a set as an Excel file that an officer fills from the annex, and back with errors by cell."""
