"""An edition as a YAML file: read with every fault told at once, written so that it reads the same again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import yaml

from models.base import CODE, N_
from models.commitments import edition_text, yaml_rows
from models.commitments.edition_text import Cells, EditionError, EditionText, Fault, build
from models.commitments.yaml_rows import Fields, Many, Node, Text, UnreadableError

FILE_LIMIT = 4 * 1024 * 1024  # bytes; 5,000 items have about 3 MB
FORMAT = "1"
_FAULTS_AT_MOST = 200

_COMMENT = """\
# Eine Handbuchausgabe für den Fab City Lotse. So ist sie zu lesen:
#   code       kurzer Schlüssel: Kleinbuchstaben, Ziffern, - und _; je Zusage einmal
#   as_of      Stand der Quelle: Jahr, Monat oder Tag (2026, 2026-11, 2026-11-22)
#   who        wer handeln muss: labs, city, all, consortium, mayor, delegate
#   origin     woher die Zusage kommt: handbook, network, council, members, own (eigener Vorschlag)
#   certainty  wie sicher das ist: high (selbst gelesen), medium (eine Quelle berichtet es), low (abgeleitet)
#   timing     wann: before (vor dem Beitritt), optional (freiwillig), after (nach dem Beitritt)
#   after      Phasen, die vorher abgeschlossen sein müssen
#   content_hash wird beim Herunterladen geschrieben und darf fehlen
"""


@dataclass(frozen=True)
class EditionFile:
    """What a file held; `is_changed`: its content_hash does not fit its items: they were changed after the export."""

    edition: EditionText
    is_changed: bool


def read(content: bytes, known_phases: Iterable[str] = ()) -> EditionFile:
    """The edition in a YAML file. Raises EditionError with every fault that was found."""
    faults: list[Fault] = []
    try:
        root = yaml_rows.read(_decoded(content), faults)
    except UnreadableError as error:
        raise EditionError([*faults, error.fault]) from error
    if not isinstance(root, Fields):
        raise EditionError(
            [Fault(root.line, "", N_("An edition begins with fields like “code:” and “name:”."))]
        )
    head = {k: v for k, v in root.values.items() if k not in ("phases", "items", "content_hash", "format")}
    stated = _plain(root.values.get("content_hash", Text(0, "")), "content_hash", faults)
    version = _plain(root.values.get("format", Text(0, FORMAT)), "format", faults)
    if version not in ("", FORMAT):
        faults.append(Fault(0, "", N_("The file is of format {format}; this program knows format 1."),
                            (("format", version[:CODE]),)))  # fmt: skip
    try:
        edition = build(
            _cells(Fields(root.line, head), faults),
            _rows(root, "phases", faults),
            _rows(root, "items", faults),
            known_phases,
        )
    except EditionError as error:
        raise EditionError(_sorted(faults + error.faults)) from error
    if faults:
        raise EditionError(_sorted(faults))
    return EditionFile(edition, bool(stated) and stated != edition.content_hash())


def _sorted(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: fault.line)[:_FAULTS_AT_MOST]


def _decoded(content: bytes) -> str:
    if len(content) > FILE_LIMIT:
        raise UnreadableError(Fault(0, "", N_("The file is too large. An edition may have up to 4 MB.")))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(Fault(line, "", N_("The file is not text in UTF-8."))) from error


def _rows(root: Fields, name: str, faults: list[Fault]) -> list[Cells]:
    """The list `name` of the file, a row each."""
    found = root.values.get(name, Many(root.line, []))
    if isinstance(found, Text) and not found.value:
        return []
    if not isinstance(found, Many):
        faults.append(Fault(found.line, "", N_("“{field}” must be a list."), (("field", name),)))
        return []
    rows = []
    for node in found.values:
        if isinstance(node, Fields):
            rows.append(_cells(node, faults))
        else:
            faults.append(
                Fault(
                    node.line,
                    "",
                    N_("An entry of “{field}” must have fields like “code:”."),
                    (("field", name),),
                )
            )
    return rows


def _cells(fields: Fields, faults: list[Fault]) -> Cells:
    return Cells(fields.line, {name: _plain(node, name, faults) for name, node in fields.values.items()})


def _plain(node: Node, name: str, faults: list[Fault]) -> str:
    """A value as text; only `after` may be a list."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Many) and name == "after" and all(isinstance(v, Text) for v in node.values):
        return " ".join(value.value for value in node.values if isinstance(value, Text))
    faults.append(Fault(node.line, "", N_("“{field}” must be text."), (("field", name[:CODE]),)))
    return ""


def write(edition: EditionText) -> str:
    """The edition as YAML that people can read and change, with the hash of its items."""
    head = {name: getattr(edition, name) for name in edition_text.HEAD}
    plain = {
        "format": int(FORMAT),
        **head,
        "content_hash": edition.content_hash(),
        "phases": [{**asdict(phase), "after": list(phase.after)} for phase in edition.phases],
        "items": [
            {name: str(value) for name, value in asdict(item).items() if value != ""}
            for item in edition.items
        ],
    }
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    written: str = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=110)
    return _COMMENT + written
