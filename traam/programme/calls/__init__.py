"""Applications of the academies to a call: drafted by form or by spreadsheet, completed, forwarded by the DAN."""
