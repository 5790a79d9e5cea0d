"""The academic groups of the retained applications: members, meetings, agreements, and what each still lacks."""
