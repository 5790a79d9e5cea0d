"""What an academy answers to a call (`overview`), its spreadsheet (`files`), each of its applications."""
