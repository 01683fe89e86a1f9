"""Finding contacts: what was typed, what is filtered, pages of the list, and the words that are kept for it."""
