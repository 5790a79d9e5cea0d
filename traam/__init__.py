"""The platform of the travaux académiques mutualisés, from the call to the catalogue."""
