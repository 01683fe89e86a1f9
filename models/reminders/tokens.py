"""Tokens in mail texts: {titel} stands for the title. Checked when a text is saved, replaced when a mail is made.

Nothing but a known word in braces is ever looked at: no formats, attributes or conditions, and what was put in is not
read again (T21). A brace itself is written twice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from models.base import N_, Labelled
from models.language import Translate
from models.reminders.builtin_texts import TextCode

_ALL = frozenset(TextCode)
_SEVERAL = frozenset({TextCode.SHORT, TextCode.LATE, TextCode.DIGEST})  # may speak of more than one date
_ONE = _ALL - _SEVERAL


@dataclass(frozen=True)
class Token:
    """A word in braces: what it stands for (a msgid), and in which mails it exists."""

    name: str
    meaning: str
    codes: frozenset[TextCode]

    @property
    def written(self) -> str:
        return "{" + self.name + "}"


# One set for both languages: the words are German, what they are replaced by is in the language of the mail.
TOKENS = (
    Token("person", N_("Name of the person who gets the mail"), _ALL),
    Token("titel", N_("Title of what is reminded of"), _ONE),
    Token("termin", N_("The date as it stands behind a title; empty for follow-ups and unknown dates"), _ONE),
    Token("datum", N_("The date with its weekday; empty if it is not known to the day"), _ONE),
    Token("alt", N_("The date before it was changed"), frozenset({TextCode.MOVED})),
    Token("abstand", N_("How far away the date is, as a sentence"), _ONE),
    Token("ort", N_("Place, if there is one"), _ONE),
    Token("art", N_("What it is: commitment, phase, conference …"), _ONE),
    Token("anlass", N_("The word “Reminder”, or “Follow-up” for a follow-up"), _ONE),
    Token("regel", N_("Name of the rule that sends the mail"), _ONE),
    Token("verantwortlich", N_("Who is responsible, or “nobody yet”"), _ONE),
    Token("vertretung", N_("Who stands in, or “nobody yet”"), _ONE),
    Token("inhalt", N_("Title and date of the only reminder, or how many there are"), _SEVERAL),
    Token("anzahl", N_("How many reminders there are"), _SEVERAL),
    Token("stelle", N_("Our unit"), _ALL),
)
_BY_NAME = {token.name: token for token in TOKENS}
# What people type instead, where the spelling alone does not lead to the right word.
_MEANT = {
    "name": "person", "empfaenger": "person", "anrede": "person", "title": "titel", "betreff": "titel",
    "date": "datum", "tag": "datum", "place": "ort", "rule": "regel", "count": "anzahl", "unit": "stelle",
    "deputy": "vertretung", "responsible": "verantwortlich", "neu": "datum", "frist": "datum",
}  # fmt: skip


def tokens_for(code: TextCode) -> list[Token]:
    """The tokens that exist in this mail."""
    return [token for token in TOKENS if code in token.codes]


class FaultKind(Labelled):
    """What can be wrong with a text; the label says it together with the way out."""

    UNKNOWN = "unknown", N_("Line {line}: the token {word} does not exist. The table shows which there are.")
    NEARLY = "nearly", N_("Line {line}: the token {word} does not exist. Do you mean {instead}?")
    ELSEWHERE = "elsewhere", N_("Line {line}: {word} does not exist in this kind of mail. Please remove it.")
    FORMAT = (
        "format",
        N_("Line {line}: in {word} only the name of a token may stand. Please write {instead}."),
    )
    EMPTY_TOKEN = (
        "empty_token",
        N_(
            "Line {line}: nothing stands between the braces of {word}. Please write a token there, or remove them."
        ),
    )
    DOUBLED = (
        "doubled",
        N_("Line {line}: {word} would be sent with its braces. Please write {instead} for the token."),
    )
    NOT_CLOSED = (
        "not_closed",
        N_("Line {line}: the brace {word} is not closed. Close it, or write {instead} for a brace."),
    )
    NOT_OPENED = (
        "not_opened",
        N_("Line {line}: the brace {word} closes nothing. Remove it, or write {instead} for a brace."),
    )
    LINE_BREAK = "line_break", N_("The subject line must be a single line.")
    EMPTY = "empty", N_("The subject line is empty. Please write one.")


@dataclass(frozen=True)
class Fault:
    """One fault: the word as typed, its line (counted from 1), and what to write instead if that is known."""

    kind: FaultKind
    word: str = ""
    line: int = 1
    instead: str = ""

    def said(self, translate: Translate) -> str:
        """The fault and the way out, in words."""
        return translate(self.kind.label).format(line=self.line, word=self.word, instead=self.instead)


_PIECE = re.compile(
    r"(?P<doubled>\{\{[ \t]*(?P<inner>\w+)[ \t]*\}\})|(?P<open>\{\{)|(?P<close>\}\})"
    r"|(?P<token>\{[^{}\n]*\})|(?P<stray>[{}])"
)
_SHOWN = 60


def _pieces(template: str) -> Iterator[re.Match[str]]:
    return _PIECE.finditer(template)


def _nearest(word: str, code: TextCode) -> str:
    """The token that was probably meant, or ""."""
    known = {token.name for token in tokens_for(code)}
    folded = word.strip().lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    found = [_MEANT[folded]] if folded in _MEANT else get_close_matches(folded, sorted(known), 1, 0.6)
    return "{" + found[0] + "}" if found and found[0] in known else ""


def _token_fault(written: str, line: int, code: TextCode) -> Fault | None:
    inner, word = written[1:-1], written[:_SHOWN]
    if inner in _BY_NAME:
        known = code in _BY_NAME[inner].codes
        return None if known else Fault(FaultKind.ELSEWHERE, word, line)
    if not inner.strip():
        return Fault(FaultKind.EMPTY_TOKEN, word, line)
    head = re.split(r"[.\[!:(]", inner, maxsplit=1)[0]
    nearest = _nearest(head, code)
    if head != inner and nearest:
        return Fault(FaultKind.FORMAT, word, line, nearest)
    return Fault(FaultKind.NEARLY if nearest else FaultKind.UNKNOWN, word, line, nearest)


def faults(template: str, code: TextCode | str, *, is_subject: bool = False) -> list[Fault]:
    """What is wrong with a subject line or a body for this kind of mail, in the order of the text."""
    code = TextCode(code)
    found: list[Fault] = []
    if is_subject and not template.strip():
        found.append(Fault(FaultKind.EMPTY))
    if is_subject and len(template.splitlines()) > 1:
        found.append(Fault(FaultKind.LINE_BREAK))
    for piece in _pieces(template):
        line, text = template.count("\n", 0, piece.start()) + 1, piece[0]
        fault = None
        if piece["doubled"] and (piece["inner"] in _BY_NAME):
            fault = Fault(FaultKind.DOUBLED, text, line, "{" + piece["inner"] + "}")
        elif piece["token"]:
            fault = _token_fault(text, line, code)
        elif piece["stray"]:
            kind = FaultKind.NOT_CLOSED if text == "{" else FaultKind.NOT_OPENED
            fault = Fault(kind, text, line, text * 2)
        if fault is not None:
            found.append(fault)
    return found


# They would turn the reading direction of everything behind them.
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _plain(value: str) -> str:
    """A value on one line, without controls."""
    return " ".join("".join(c if c >= " " and c != "\x7f" else " " for c in value.translate(_BIDI)).split())


def filled(template: str, tokens: Mapping[str, str]) -> str:
    """The template with its tokens replaced, once: a value is never read as a template. A token without a value is
    empty, and what is no token stays as it is; nothing raises."""

    def put(piece: re.Match[str]) -> str:
        if piece["doubled"]:
            return "{" + piece[0][2:-2] + "}"
        if piece["open"] or piece["close"]:
            return piece[0][0]
        if piece["token"] and piece[0][1:-1] in _BY_NAME:
            return _plain(tokens.get(piece[0][1:-1], ""))
        return piece[0]

    return _PIECE.sub(put, template)


def paragraphs(body: str) -> tuple[str, ...]:
    """A filled body's paragraphs; those that became empty are left out."""
    tidy = (re.sub(r"[ \t]{2,}", " ", part).strip() for part in re.split(r"\n[ \t]*\n", body))
    return tuple(part for part in tidy if part)
