"""Files given for the catalogue, by the national team or by a command: shown line by line before they are written."""
