"""National syntheses until they are public: opened with what the facts say, written by experts, read by inspectors."""
