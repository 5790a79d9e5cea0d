"""Readers who asked for the letters, without an account: an address, what they chose, and how to stop."""
