"""The demonstration: a campaign at work and a call in progress, made through the same actions as the pages."""
