"""Pages of the national team: campaigns, themes, decisions, announcement, groups, people."""
