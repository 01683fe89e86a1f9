"""Everything the city unit knows: nouns (tables), rules over them, and the documents that leave the house."""
