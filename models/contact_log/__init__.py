"""What happened with a person, an organisation or a city: one timeline out of several nouns."""
