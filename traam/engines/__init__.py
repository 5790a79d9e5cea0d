"""Ring 1: values in, values out. No Django, no database, no network, no clock."""
