"""Pages of the groups: members, meetings, obligations, scenarios and tests in class."""
