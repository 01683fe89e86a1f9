"""One line of the pre-submission check, and what all lines together say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.base import N_, Labelled
from models.commitments.checklist import Who


class Section(Labelled):
    """What the check looks at, in this order."""

    MANDATE = "mandate", N_("The council's condition")
    CONSORTIUM = "consortium", N_("Consortium")
    PHASES = "phases", N_("Phases")
    ITEMS = "items", N_("Commitments before joining")
    PRINCIPLES = "principles", N_("The ten principles")
    PEOPLE = "people", N_("Who speaks for the city")
    PAPERS = "papers", N_("What is sent")


class Finding(Labelled):
    COMPLETE = "complete", N_("complete")
    MISSING = "missing", N_("is missing")
    OLD = "old", N_("older than agreed")
    HINT = "hint", N_("hint")


@dataclass(frozen=True)
class Line:
    """A thing and what was found about it: a row with its titles, or a fixed thing with a `label` (msgid). `what` is a
    msgid with `values`; `subject` is the row to go to (table, key); who has to move is a colleague (`officer_id`) or a
    group (`who`)."""

    section: Section
    finding: Finding
    what: str
    label: str = ""
    title_de: str = ""
    title_en: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    subject: tuple[str, int] | None = None
    officer_id: int | None = None
    who: Who | None = None

    def title(self, language: str) -> str:
        return (self.title_en or self.title_de) if language == "en" else (self.title_de or self.title_en)

    @property
    def is_in_the_way(self) -> bool:
        """Whether the submission should wait for it."""
        return self.finding in (Finding.MISSING, Finding.OLD)


@dataclass(frozen=True)
class Readiness:
    """The whole check, line by line in the order of the sections."""

    lines: tuple[Line, ...]

    def count(self, finding: Finding) -> int:
        return sum(line.finding is finding for line in self.lines)

    @property
    def in_the_way(self) -> list[Line]:
        return [line for line in self.lines if line.is_in_the_way]

    @property
    def is_ready(self) -> bool:
        return not self.in_the_way

    def of(self, section: Section) -> list[Line]:
        """The lines of a section, what is in the way first."""
        return sorted(
            (line for line in self.lines if line.section is section),
            key=lambda line: not line.is_in_the_way,
        )

    def movers(self) -> list[tuple[int | None, Who | None, int]]:
        """Who has to move and for how many lines, who has most first: (colleague, group, number)."""
        waits = Counter(_mover(line) for line in self.in_the_way)
        return [(officer_id, who, number) for (officer_id, who), number in waits.most_common()]


def _mover(line: Line) -> tuple[int | None, Who | None]:
    return (line.officer_id, None) if line.officer_id is not None else (None, line.who or Who.CITY)


def in_order(lines: Iterable[Line]) -> Readiness:
    """The lines sorted by section."""
    order = list(Section)
    return Readiness(tuple(sorted(lines, key=lambda line: order.index(line.section))))
