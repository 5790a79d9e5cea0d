"""Who did what to what, when and why: written by every action, never changed."""
