"""Pages of the readers: opinions on applications, review and release of scenarios."""
