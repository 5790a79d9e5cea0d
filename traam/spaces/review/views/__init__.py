"""The views of the readers: themes and dossiers, who reads what, scenarios."""
