"""Files out: what the groups owe, and their service fait."""
