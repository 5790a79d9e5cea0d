"""Information pages with their video: written by the national team or imported, public once published."""
