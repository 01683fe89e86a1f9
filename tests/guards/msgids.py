"""The msgids of the program, and the German catalogue: `python tests/guards/msgids.py [WORDS.tsv …]` updates it.

A TSV line is `msgid<TAB>German`; for a plural `one|||many<TAB>eins|||viele`.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "models" / "locale" / "de" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "L_": None, "_": None}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]


def found() -> set[tuple[str, ...]]:
    """Every msgid in code and templates; a plural is a pair."""
    msgids: set[tuple[str, ...]] = set()
    for folder in ("models", "webapp", "jobs"):
        options = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, METHODS, options, keywords=KEYWORDS
        ):
            msgid = tuple(part for part in message if part) if isinstance(message, tuple) else (message,)
            if msgid and msgid[0]:
                msgids.add(msgid)
    return msgids


def catalogue() -> Catalog:
    """The German catalogue as it is."""
    if not CATALOGUE.exists():
        return Catalog(locale="de")
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="de")


def update(words: dict[str, str]) -> list[str]:
    """Write the catalogue anew from the msgids in use, old translations and new words. Answers what is missing."""
    old = catalogue()
    new = Catalog(
        locale="de", project="Fab City Lotse", fuzzy=False, header_comment="# German words of Fab City Lotse."
    )
    missing = []
    for msgid in sorted(found()):
        known = old.get(msgid if len(msgid) > 1 else msgid[0])
        string = words.get("|||".join(msgid)) or (known.string if known else "")
        if isinstance(string, str) and len(msgid) > 1:
            string = tuple(string.split("|||")) if string else ("", "")
        if not (all(string) if isinstance(string, tuple) else string):
            missing.append("|||".join(msgid))
        new.add(msgid if len(msgid) > 1 else msgid[0], string)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as target:
        write_po(target, new, width=110, sort_output=True, omit_header=False, no_location=True)
    return missing


def main(files: list[str]) -> None:
    words = {}
    for name in files:
        for line in Path(name).read_text(encoding="utf-8").splitlines():
            msgid, _tab, german = line.partition("\t")
            if german:
                words[msgid] = german
    for msgid in update(words):
        print(msgid)


if __name__ == "__main__":
    main(sys.argv[1:])
