"""Systems that do something of what we do, each installed in an environment of its own and measured as we are."""
