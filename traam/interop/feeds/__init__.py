"""What is followed: Atom feeds, the map of the addresses, and what crawlers and language models are told."""
