"""The public copy of what is released: calls, themes and notices, their index, and their history since 2006."""
