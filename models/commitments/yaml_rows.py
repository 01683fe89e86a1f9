"""YAML read as text with its lines: mappings of text, lists of these, nothing else.

PyYAML's safe_load keeps the last of two equal keys, takes "no" for false and 2026-11-22 for a date, and lets aliases
multiply. Here every value is text; anchors, tags, equal keys and deep nesting are faults.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from models.base import CODE, N_
from models.commitments.edition_text import Fault

DEEPEST = 4  # edition > items > item > list of codes

_READER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast


@dataclass(frozen=True)
class Text:
    """A value."""

    line: int
    value: str


@dataclass(frozen=True)
class Many:
    """A list."""

    line: int
    values: "list[Node]"


@dataclass(frozen=True)
class Fields:
    """A mapping; each key stands once."""

    line: int
    values: "dict[str, Node]" = field(default_factory=dict)


Node = Text | Many | Fields


class UnreadableError(Exception):
    """This is not YAML, or not the part of it that is used here."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.msgid)
        self.fault = fault


def read(text: str, faults: list[Fault]) -> Node:
    """The one document in `text`; equal keys are added to `faults`. Raises UnreadableError."""
    try:
        events = yaml.parse(text, Loader=_READER)
        return _document(events, faults)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark is not None else 0
        raise UnreadableError(
            Fault(
                line,
                "",
                N_(
                    "This is not YAML: look at the indentation, colons and quotation marks here and in the line before."
                ),
            )
        ) from error


def _document(events: Iterator[Any], faults: list[Fault]) -> Node:
    found: Node = Fields(1)
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise UnreadableError(Fault(_line(event), "", N_("The file holds more than one document.")))
        elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            found = _node(event, events, faults, 0)
    return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _node(event: Any, events: Iterator[Any], faults: list[Fault], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise UnreadableError(
            Fault(line, "", N_("Anchors and aliases (& and *) are not used in this format."))
        )
    if event.tag is not None:
        raise UnreadableError(Fault(line, "", N_("Tags (!) are not used in this format.")))
    if depth > DEEPEST:
        raise UnreadableError(Fault(line, "", N_("The file is nested too deep.")))
    if isinstance(event, yaml.ScalarEvent):
        is_nothing = event.implicit[0] and event.value in ("~", "null", "Null", "NULL")
        return Text(line, "" if is_nothing else event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        several = Many(line, [])
        while not isinstance(following := next(events), yaml.SequenceEndEvent):
            several.values.append(_node(following, events, faults, depth + 1))
        return several
    return _fields(line, events, faults, depth)


def _fields(line: int, events: Iterator[Any], faults: list[Fault], depth: int) -> Fields:
    found = Fields(line)
    while not isinstance(following := next(events), yaml.MappingEndEvent):
        name = _node(following, events, faults, depth + 1)
        value = _node(next(events), events, faults, depth + 1)
        if not isinstance(name, Text):
            faults.append(Fault(name.line, "", N_("A list or a group of fields cannot be a key.")))
        elif name.value in found.values:
            faults.append(Fault(name.line, "", N_("“{key}” stands twice."), (("key", name.value[:CODE]),)))
        else:
            found.values[name.value] = value
    return found
