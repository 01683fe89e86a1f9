"""The text of a mail that was written as HTML only.

One pass from left to right, each character looked at a fixed number of times: html.parser of Python 3.11 needs a minute
for 100 kB of "<a <a <a".
"""

import html
import re

HTML_LIMIT = 1_000_000  # characters that are looked at

_NAME = re.compile(r"/?([a-z][a-z0-9]*)", re.IGNORECASE)
_LEFT_OUT = frozenset({"head", "style", "script", "title"})
_LINE = frozenset(
    {"br", "div", "tr", "li", "ul", "ol", "dt", "dd", "hr", "pre", "address", "section", "header"}
)
_PARAGRAPH = frozenset({"p", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})


def _plain(piece: str) -> str:
    try:
        said = html.unescape(piece)
    except ValueError:  # a number of thousands of digits
        said = piece
    return re.sub(r"[ \t\r\n\f\u200b]+", " ", said)


class _Pass:
    """Where the pass stands, and what it has found."""

    def __init__(self, source: str) -> None:
        self.source, self.small, self.at = source, source.lower(), 0
        self.found: list[str] = []

    def find(self, what: str) -> int:
        """The place after `what`; the end of the source where it does not come any more."""
        place = self.small.find(what, self.at)
        return len(self.source) if place < 0 else place + len(what)

    def tag(self) -> None:
        """Step over the tag that begins here."""
        named = _NAME.match(self.small, self.at + 1)
        if self.small.startswith("<!--", self.at):
            self.at = self.find("-->")
        elif named is None and self.source[self.at + 1 : self.at + 2] not in ("!", "?", "/"):
            self.found.append("<")  # "5 < 6"
            self.at += 1
        else:
            name = named.group(1) if named else ""
            is_end = self.source.startswith("/", self.at + 1)
            self.at = self.find(">")
            self.mark(name, is_end)

    def mark(self, name: str, is_end: bool) -> None:
        if name in _LEFT_OUT and not is_end:
            self.at = self.find(f"</{name}")
            self.at = self.find(">")
        elif name in _PARAGRAPH:
            self.found.append("\n\n")
        elif name in _LINE and not (is_end and name == "br"):
            self.found.append("\n– " if name == "li" and not is_end else "\n")
        elif name in ("td", "th") and not is_end:
            self.found.append(" ")


def text_of_html(source: str) -> str:
    """The words of an HTML text with its paragraphs and line breaks; styles, programs and comments left out."""
    step = _Pass(source[:HTML_LIMIT])
    if len(step.small) != len(step.source):  # some capital letters have a longer small form
        step.small = step.source
    while step.at < len(step.source):
        until = step.source.find("<", step.at)
        until = len(step.source) if until < 0 else until
        step.found.append(_plain(step.source[step.at : until]))
        step.at = until
        if until < len(step.source):
            step.tag()
    return _tidied("".join(step.found))


def _tidied(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
