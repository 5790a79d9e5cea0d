"""Ring 3: the programme, one Django app for each step; a step imports only the steps before it."""
