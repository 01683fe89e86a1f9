"""One line of a visiting card: its name, its parameters, its value as text. Tolerant: what writers really write."""

import re
from binascii import a2b_base64, a2b_qp
from dataclasses import dataclass, field
from unicodedata import normalize

HEADS_KEPT = 1_000  # heads repeat from card to card
NORMALIZED = 1_000  # characters; ordering combining marks costs their number squared

_QUOTED_HEAD = re.compile(r'((?:[^":]|"[^"]*")*+):', re.DOTALL)
_NAME = re.compile(r'\s*(?:([^\s.;:"=]+)\.)?([^\s.;:"=]+)\s*(?=;|$)')
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*+)')
_CARET = re.compile(r"\^([n^'])")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OLD_ESCAPE = re.compile(r"\\([;,:\\nN])")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_MARKED = (("\0", "\\\\"), ("\1", "\\;"), ("\2", "\\,"))
_CHARSET = re.compile(rb";\s*CHARSET\s*=\s*\"?([\w-]+)", re.IGNORECASE)
# Only these: Python knows codecs that are no charsets, and some that are slow.
_CODECS = re.compile(
    r"(?:windows-?|cp)125\d|iso-?8859-?\d{1,2}|latin-?\d|macintosh|mac-?roman|(?:cp|ibm)(?:437|850)|koi8-[ru]"
)
_ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "B", "Q", "8BIT", "7BIT"))
# Words that say nothing, or the same as another one.
_SAID = {
    "internet": "", "pref": "", "voice": "", "msg": "", "postal": "", "parcel": "", "dom": "", "intl": "",
    "other": "", "mobile": "cell", "business": "work", "private": "home",
}  # fmt: skip
_APPLE = re.compile(r"_\$!<(.*)>!\$_")
_APPLE_TYPES = {
    "work": ("work",), "home": ("home",), "mobile": ("cell",), "main": ("main",), "pager": ("pager",),
    "homefax": ("home", "fax"), "workfax": ("work", "fax"), "otherfax": ("fax",), "homepage": (), "other": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the colon. `preference`: 1 is the first, 101 where nothing is said."""

    name: str
    spelled: str
    group: str = ""
    types: tuple[str, ...] = ()
    label: str = ""
    preference: int = 101
    encoding: str = ""
    further: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str:
        return next((value for key, value in self.further if key == name), "")


@dataclass(slots=True)
class Property:
    """A line: its head, and its value, still escaped. `is_guessed`: its charset was not what the card says."""

    head: Head
    value: str
    is_guessed: bool = False


@dataclass
class Heads:
    """Heads that were met in this file already."""

    known: dict[str, Head] = field(default_factory=dict)

    def of(self, text: str) -> Head | None:
        head = self.known.get(text)
        if head is None and (head := _head(text)) and len(text) < 200 and len(self.known) < HEADS_KEPT:
            self.known[text] = head
        return head


def read_property(data: bytes, heads: Heads) -> Property | None:
    """The line as name and value; None where it is no line of a visiting card."""
    text, is_guessed = decoded(data, data)
    text = cleaned(text)
    before, colon, value = text.partition(":")
    if '"' in before:
        found = _QUOTED_HEAD.match(text)
        before, colon, value = (found[1], ":", text[found.end() :]) if found else (before, colon, value)
    head = heads.of(before) if colon else None
    if head is None:
        return None
    if head.encoding in ("QUOTED-PRINTABLE", "Q"):
        value, is_guessed = _quoted_printable(value, data)
    elif head.encoding in ("BASE64", "B"):
        try:
            value, is_guessed = decoded(a2b_base64(value), data)
        except ValueError:  # damaged, or with letters that are not ASCII
            return None
    return Property(head, value, is_guessed)


def decoded(octets: bytes, line: bytes) -> tuple[str, bool]:
    """As text, and whether the charset was guessed: UTF-8, else what the line says of itself, else Windows-1252."""
    try:
        return octets.decode(), False
    except UnicodeDecodeError:
        said = _CHARSET.search(line[:1_000])
        name = said[1].decode("ascii", "replace").lower() if said else ""
    if _CODECS.fullmatch(name):
        try:
            return octets.decode(name), False
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return octets.decode("cp1252"), True
    except UnicodeDecodeError:
        return octets.decode("latin-1"), True


def _quoted_printable(value: str, line: bytes) -> tuple[str, bool]:
    """Decoded; an encoded semicolon parts nothing. Some writers indent the line after a soft break, as in a folded
    line, others write a blank there that is meant: the first reading holds unless it cuts a letter."""
    octets = value.encode().replace(b"=3B", b"\\=3B").replace(b"=3b", b"\\=3B")
    text, is_guessed = decoded(a2b_qp(octets), line)
    if is_guessed and b"=\n " in octets:
        text, is_guessed = decoded(a2b_qp(octets.replace(b"=\n ", b"=\n")), line)
    return text, is_guessed


def _head(text: str) -> Head | None:
    found = _NAME.match(text)
    if found is None:
        return None
    types: list[str] = []
    label, preference, encoding = "", 101, ""
    further = []
    for part in _PARAMETER.findall(text, found.end()):
        key, equals, value = (side.strip() for side in part.partition("="))
        key, value = key.upper(), value.replace('"', "")
        if key == "TYPE":
            types += value.lower().split(",")
        elif key == "ENCODING" or (not equals and key in _ENCODINGS):
            encoding = (value if equals else key).upper()
        elif key == "PREF":
            preference = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 1
        elif not equals and key.startswith("X-"):
            label = part.strip()[2:]  # Android: TEL;X-Zentrale:…
        elif not equals:
            types += key.lower().split(",")
        elif key != "CHARSET":
            further.append((key, _CARET.sub(lambda m: {"n": "\n", "'": '"'}.get(m[1], "^"), value)))
    if "pref" in types:
        preference = min(preference, 1)
    words = dict.fromkeys(_SAID.get(word.strip(), word.strip()) for word in types)
    kinds = tuple(word for word in words if word)
    return Head(
        found[2].upper(),
        found[2],
        (found[1] or "").lower(),
        kinds,
        label,
        preference,
        encoding,
        tuple(further),
    )


def apple_label(value: str) -> tuple[str, tuple[str, ...]]:
    """What Apple's X-ABLabel says: a label, or for one of its own words the standard's."""
    if found := _APPLE.fullmatch(value):
        types = _APPLE_TYPES.get(found[1].lower())
        return (found[1], ()) if types is None else ("", types)
    return value, ()


def unescaped(value: str, is_old: bool = False) -> str:
    """The text that is meant: of several lines, without control characters. `is_old`: vCard 2.1."""
    if "\\" in value:
        pattern = _OLD_ESCAPE if is_old else _ESCAPE
        value = pattern.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return cleaned(value)


def cleaned(value: str) -> str:
    """Without control characters, lines parted by \\n."""
    return value if value.isprintable() else _CONTROLS.sub("", _LINE_BREAKS.sub("\n", value))


def one_line(value: str, is_old: bool = False) -> str:
    """The same as one line with single blanks; letters with their accents in one piece (Apple parts them)."""
    value = " ".join(unescaped(value, is_old).split())
    return value if value.isascii() or len(value) > NORMALIZED else normalize("NFC", value)


def pieces(value: str, separators: str = ";") -> list[str]:
    """The parts of a structured value, still escaped."""
    if "\\" in value:
        for mark, escape in _MARKED:
            value = value.replace(mark, "").replace(escape, mark)
    for further in separators[1:]:
        value = value.replace(further, separators[0])
    parts = value.split(separators[0])
    for mark, escape in _MARKED if any(mark in value for mark, _escape in _MARKED) else ():
        parts = [part.replace(mark, escape) for part in parts]
    return parts
