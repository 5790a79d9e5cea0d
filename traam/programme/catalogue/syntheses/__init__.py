"""National syntheses on line: the copy that everyone reads, with the figures as they stood when they were validated."""
