"""The search box of the application's page: it searches everything on it."""

from models.folding import search_text, search_words
from webapp.pages import query


def is_wanted(*parts: str) -> bool:
    """Whether all words of the search stand in these texts."""
    text = search_text(list(parts))
    return all(word in text for word in search_words(query()))
