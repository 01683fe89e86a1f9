"""The status report in the manner of an Informationsvorlage: what was moved, what was adopted, where the case stands,
what comes next, what it costs. One to three pages; the page in the browser shows the same blocks."""

from models.documents.report import Block, Column, Heading, Note, Paragraph, Report, Table, Value
from models.language import day_text, translator
from models.reports.status_facts import Status
from models.reports.status_gaps import gaps, movers
from models.reports.status_sections import (
    MOST_ROWS,
    and_more,
    costs_blocks,
    day_or_none,
    next_steps_blocks,
    sources_blocks,
    state_blocks,
    waiting_blocks,
)  # fmt: skip


def status_report(status: Status, language: str) -> Report:
    """The report in this language."""
    _ = translator(language)
    city, application = status.city, status.application
    return Report(
        title=_("Status report: joining the Fab City Network"),
        language=language,
        author=city.unit or city.name,
        letterhead=tuple(line for line in (city.name, city.unit) if line),
        facts=(
            (_("Subject matter"), status.motion.name if status.motion else application.network),
            (_("File number"), application.file_number),
            (_("State as of"), day_text(status.today, language)),
            (_("Case lead"), status.name(application.case_lead_id) or _("nobody yet")),
            (_("Deputy"), status.name(application.deputy_id)),
        ),
        blocks=(
            *_in_short(status, language),
            *waiting_blocks(status, language),
            *_council(status, language),
            *state_blocks(status, language),
            *next_steps_blocks(status, language),
            *costs_blocks(status, language),
            *sources_blocks(status, language),
        ),
        footer=city.unit_email,
    )


def _in_short(status: Status, language: str) -> tuple[Block, ...]:
    """What an outsider must know in one minute: the state, what is missing, who has to move."""
    _ = translator(language)
    missing = gaps(status, language)
    said = [_("State of the case: {state}.").format(state=_(status.application.state.label))]
    if status.is_on_the_way:
        met = _("The council’s condition is met: {have} lab actors wish to join, {needed} are needed.")
        unmet = _("The council’s condition is not met yet: {have} of {needed} lab actors wish to join.")
        condition = status.condition
        told = met if condition.is_met else unmet
        said.append(told.format(have=condition.have, needed=condition.needed))
    who = movers(missing)
    if who:
        said.append(_("Who has to move: {names}.").format(names=", ".join(who[:5])))
    others = list(dict.fromkeys(f.waiting_for for f in status.waiting if f.waiting_for))
    if others:
        said.append(_("We wait for: {names}.").format(names=", ".join(others[:5])))
    rows: list[tuple[Value, ...]] = [
        (gap.what, gap.who, day_or_none(gap.due_on, language)) for gap in missing
    ]
    columns = (Column(_("What is missing"), 6), Column(_("Who has to move"), 3), Column(_("Until"), 2))
    return (
        Note(" ".join(said), _("In short")),
        Heading(_("What is missing, and who has to move")),
        Table(columns, tuple(rows[:MOST_ROWS]), empty=_("Nothing is missing at the moment.")),
        *and_more(rows, language),
    )


def _council(status: Status, language: str) -> tuple[Block, ...]:
    """The motion and, kept apart from it, what was adopted."""
    _ = translator(language)
    motion, adopted = status.motion, status.resolution
    blocks: list[Block] = [Heading(_("What was moved"))]
    if motion is not None:
        parts = (
            motion.reference,
            motion.originator,
            day_text(motion.dated_on, language) if motion.dated_on else "",
        )
        blocks += [
            Paragraph(", ".join(part for part in parts if part), is_strong=True),
            Paragraph(motion.summary(language)),
        ]
    else:
        blocks.append(Paragraph(_("No paper is recorded.")))
    blocks.append(Heading(_("What was adopted")))
    if adopted is not None:
        said = _("Resolution of {day}, in the version {reference}")
        named = said.format(day=day_text(adopted.adopted_on, language), reference=adopted.adopted_as)
        blocks += [
            Paragraph(named, is_strong=True),
            Paragraph(_("This is not what the motion asked for.") if status.is_changed else ""),
            Paragraph(adopted.summary(language)),
        ]
    else:
        blocks.append(Paragraph(_("No resolution is recorded.")))
    return tuple(block for block in blocks if not isinstance(block, Paragraph) or block.text)
