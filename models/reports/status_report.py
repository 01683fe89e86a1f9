"""The status report in the manner of an Informationsvorlage: what was moved, what was adopted, where the case stands,
what comes next, what it costs. One to three pages; the page in the browser shows the same blocks."""

from datetime import date

from models.base import N_
from models.documents.report import (
    Block,
    Bullets,
    Column,
    Facts,
    Heading,
    Link,
    Note,
    Paragraph,
    Report,
    Table,
    Value,
)
from models.language import Translate, day_text, translator
from models.places import as_of_text
from models.reports.status_facts import Status
from models.reports.status_gaps import gaps, movers, our_side

MOST_ROWS = 10  # of a table: the report stays short, and says how many more there are


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
            *_waiting(status, language),
            *_council(status, language),
            *_state(status, language),
            *_next_steps(status, language),
            *_costs(status, language),
            *_sources(status, language),
        ),
        footer=city.unit_email,
    )


def _more(rows: list[tuple[Value, ...]], language: str) -> tuple[Block, ...]:
    if len(rows) <= MOST_ROWS:
        return ()
    return (Paragraph(translator(language)(N_("And {n} more.")).format(n=len(rows) - MOST_ROWS)),)


def _day(day: date | None, language: str) -> str:
    return day_text(day, language) if day else translator(language)("no date yet")


def _in_short(status: Status, language: str) -> tuple[Block, ...]:
    """What an outsider must know in one minute: the state, what is missing, who has to move."""
    _ = translator(language)
    missing = gaps(status, language)
    said = [_("State of the case: {state}.").format(state=_(status.application.state.label))]
    if status.is_on_the_way:
        met = _("The council’s condition is met: {have} of {needed} lab actors wish to join.")
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
    rows: list[tuple[Value, ...]] = [(gap.what, gap.who, _day(gap.due_on, language)) for gap in missing]
    columns = (Column(_("What is missing"), 5), Column(_("Who has to move"), 3), Column(_("Until"), 2))
    return (
        Note(" ".join(said), _("In short")),
        Heading(_("What is missing, and who has to move")),
        Table(columns, tuple(rows[:MOST_ROWS]), empty=_("Nothing is missing at the moment.")),
        *_more(rows, language),
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


def _state(status: Status, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    columns = (
        Column(_("Phase"), 4.4),
        Column(_("State"), 3),
        Column(_("Responsible"), 2.4),
        Column(_("Due on"), 1.8),
    )
    rows = tuple(
        (
            row.phase.title(language),
            _("closed on {day}").format(day=day_text(row.phase.closed_on, language))
            if row.phase.closed_on
            else _(row.state.label),
            status.name(row.phase.responsible_id) or ("" if row.phase.closed_on else _("nobody yet")),
            "" if row.phase.closed_on or not row.phase.due_on else day_text(row.phase.due_on, language),
        )
        for row in status.phases
    )
    return (Heading(_("Where it stands")), Facts(_numbers(status, language, _)), Table(columns, rows))


def _numbers(status: Status, language: str, _: Translate) -> tuple[tuple[str, str], ...]:
    """Counts beside each other. Of the commitments always two: worked on, and fulfilled with valid proof."""
    of = _("{have} of {needed}")
    condition, progress = status.condition, status.progress
    wished = [f"{name} ({day_text(day, language)})" for name, day in status.wishes]
    open_roles = [role.role.title(language) for role in status.roles if role.is_missing]
    since, sent = status.application.state_since, status.submission
    state = _(status.application.state.label)
    return (
        (
            _("State"),
            _("{state}, since {day}").format(state=state, day=day_text(since, language)) if since else state,
        ),
        (
            _("Lab actors that wish to join"),
            _listed(of.format(have=condition.have, needed=condition.needed), wished),
        ),
        (
            _("Partners in the consortium"),
            _listed(
                of.format(have=len(status.partners), needed=status.application.partners_needed),
                list(status.partners),
            ),
        ),
        (_("Roles still open"), ", ".join(open_roles)),
        (_("Commitments worked on"), of.format(have=progress.handled, needed=progress.total)),
        (_("Commitments fulfilled with valid proof"), of.format(have=progress.proven, needed=progress.total)),
        (_("List of the commitments"), _edition(status, language)),
        (_("Submitted on"), day_text(sent.sent_on, language) if sent and sent.sent_on else ""),
        (_("Next conference"), _gathering(status, language, _)),
    )


def _edition(status: Status, language: str) -> str:
    """Its name, and the state of its source where the name does not tell it."""
    name, as_of = status.edition.name, as_of_text(status.edition.as_of, language)
    return name if as_of in name else f"{name} ({as_of})"


def _listed(count: str, names: list[str]) -> str:
    shown = ", ".join(names[:MOST_ROWS]) + (" …" if len(names) > MOST_ROWS else "")
    return f"{count}: {shown}" if names else count


def _gathering(status: Status, language: str, _: Translate) -> str:
    if status.gathering is None:
        return _("not announced yet")
    found = status.gathering
    return ", ".join(
        part
        for part in (found.name, found.when(language), found.where(language), _(found.status.label))
        if part
    )


def _waiting(status: Status, language: str) -> tuple[Block, ...]:
    """Whom we wait for; nothing where we wait for nobody."""
    _ = translator(language)
    if not status.waiting:
        return ()
    rows: list[tuple[Value, ...]] = [
        (
            f.waiting_for,
            f.what,
            day_text(f.since_on, language) if f.since_on else "",
            day_text(f.due_on, language),
        )
        for f in status.waiting
    ]
    columns = (
        Column(_("We wait for"), 3),
        Column(_("for what"), 5),
        Column(_("Since"), 2),
        Column(_("Ask again on"), 2),
    )
    return (Heading(_("Whom we wait for")), Table(columns, tuple(rows[:MOST_ROWS])), *_more(rows, language))


def _next_steps(status: Status, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    late = _("{day}, overdue")
    rows: list[tuple[Value, ...]] = []
    for dated in status.steps:
        day = day_text(dated.day, language)
        rows.append(
            (
                late.format(day=day) if dated.day < status.today else day,
                dated.title(language),
                status.name(dated.responsible_id) or our_side(status),
            )
        )
    columns = (Column(_("Date"), 2.6), Column(_("Step"), 6), Column(_("Responsible"), 3))
    return (
        Heading(_("Next steps")),
        Table(columns, tuple(rows[:MOST_ROWS]), empty=_("No step has a date in the next six months.")),
        *_more(rows, language),
    )


def _costs(status: Status, language: str) -> tuple[Block, ...]:
    """Planned and actual by year. What nobody knows is unknown, never nought."""
    _ = translator(language)
    columns = (
        Column(_("Year"), 1),
        Column(_("Planned"), 2, True),
        Column(_("Actual"), 2, True),
        Column(_("Hours planned"), 2, True),
        Column(_("Hours worked"), 2, True),
    )
    rows = tuple(
        (
            str(year.year),
            year.planned.words(language),
            year.actual.words(language),
            year.hours_planned.words(language, is_hours=True),
            year.hours_actual.words(language, is_hours=True),
        )
        for year in status.costs
    )
    return (
        Heading(_("Costs")),
        Table(columns, rows, empty=_("No costs are recorded yet.")),
        Paragraph(_fee(status, language, _)),
    )


def _fee(status: Status, language: str, _: Translate) -> str:
    if status.fee.latest is not None:
        return _("The network’s fee is known for {year} and contained in the sums.").format(
            year=status.fee.latest.year
        )
    said = _("Membership fee unknown: ask the network.")
    if status.fee.question is not None:
        asked = _("To be asked by {day}.").format(day=day_text(status.fee.question.due_on, language))
        return f"{said} {asked}"
    return said


def _sources(status: Status, language: str) -> tuple[Block, ...]:
    """Where a reader finds the papers themselves."""
    _ = translator(language)
    items: list[Value] = [
        Link(f"{paper.reference} ({paper.paper_type}): {paper.web}", paper.web)
        if paper.web
        else paper.reference
        for paper in status.papers
    ]
    edition, application = status.edition, status.application
    if application.record_url:
        items.append(Link(_("Electronic file"), application.record_url))
    if edition.source_url:
        items.append(Link(f"{_('List of the commitments')}: {edition.name}", edition.source_url))
    items.append(_("Evidence pack with all proofs and their checksums (on request)"))
    return (Heading(_("Attachments and sources")), Bullets(tuple(items)))
