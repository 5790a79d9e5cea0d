"""Ring 4: the pages, by audience; a space knows no other."""
