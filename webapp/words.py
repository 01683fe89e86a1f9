"""The language of this request: English msgids, translated where they are shown."""

from typing import Any

from babel.support import LazyProxy
from flask import g

from models.language import DEFAULT, translations


def language() -> str:
    """The language of the page that is being made."""
    return str(g.get("language", DEFAULT))


def _(msgid: str) -> str:
    """Translate now."""
    return translations(language()).gettext(msgid) if msgid else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Translate by number; put the number in with {n}."""
    return translations(language()).ngettext(one, many, number).format(n=number)


def L_(msgid: str) -> Any:
    """Translate when shown: for labels of forms, which are made once."""
    return LazyProxy(_, msgid, enable_cache=False)
