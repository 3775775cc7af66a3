"""Articles in: read, cut into passages, embedded and kept."""
