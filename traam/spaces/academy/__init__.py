"""Pages of the DAN and the inspectors of an academy: the applications, by form and by spreadsheet."""
