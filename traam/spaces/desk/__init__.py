"""The desk of whoever signs in: the door, and what waits for me."""
