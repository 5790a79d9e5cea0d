"""An edition of the cahier des charges in force for given years: its calendar and its themes."""
