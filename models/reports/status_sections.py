"""The sections of the status report after its head: where the case stands, for whom we wait, next steps, costs."""

from datetime import date

from models.base import N_
from models.documents.report import Block, Bullets, Column, Facts, Heading, Link, Paragraph, Table, Value
from models.language import LANGUAGES, Translate, day_text, translator
from models.places import as_of_text
from models.reports.status_facts import Status
from models.reports.status_gaps import our_side

MOST_ROWS = 10  # of a table: the report stays short, and says how many more there are


def and_more(rows: list[tuple[Value, ...]], language: str) -> tuple[Block, ...]:
    if len(rows) <= MOST_ROWS:
        return ()
    return (Paragraph(translator(language)(N_("And {n} more.")).format(n=len(rows) - MOST_ROWS)),)


def day_or_none(day: date | None, language: str) -> str:
    return day_text(day, language) if day else translator(language)("no date yet")


def state_blocks(status: Status, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    columns = (
        Column(_("Phase"), 4.6),
        Column(_("State"), 3.5),
        Column(_("Responsible"), 2.3),
        Column(_("Due on"), 1.9),
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
    return (
        Heading(_("Where it stands")),
        Facts(_numbers(status, language, _)),
        Table(columns, rows, _("Phases")),
    )


def _numbers(status: Status, language: str, _: Translate) -> tuple[tuple[str, str], ...]:
    """Counts beside each other. Of the commitments always two: worked on, and fulfilled with valid proof."""
    condition, consortium, progress = status.condition, status.consortium, status.progress
    wished = [f"{name} ({day_text(day, language)})" for name, day in status.wishes]
    open_roles = [filled.role.title(language) for filled in consortium.missing_roles]
    since, sent = status.application.state_since, status.submission
    state, since_words = _(status.application.state.label), _("{state}, since {day}")
    return (
        (_("State"), since_words.format(state=state, day=day_text(since, language)) if since else state),
        (_("Lab actors that wish to join"), _listed(_of(condition.have, condition.needed, _), wished)),
        (
            _("Partners in the consortium"),
            _listed(_of(consortium.have, consortium.needed, _), list(status.partners)),
        ),
        (_("Roles still open"), ", ".join(open_roles)),
        (_("Commitments worked on"), _of(progress.handled, progress.total, _)),
        (_("Commitments fulfilled with valid proof"), _of(progress.proven, progress.total, _)),
        (_("List of the commitments"), _edition(status, language)),
        (_("Submitted on"), day_text(sent.sent_on, language) if sent and sent.sent_on else ""),
        (_("Next conference"), _gathering(status, language, _)),
    )


def _of(have: int, needed: int, _: Translate) -> str:
    """2 of 3; where there are more than needed: 4 (needed: 3)."""
    said = _("{have} of {needed}") if have <= needed else _("{have} (needed: {needed})")
    return said.format(have=have, needed=needed)


def _edition(status: Status, language: str) -> str:
    """Its name, and the state of its source where the name does not tell it."""
    edition = status.edition
    if any(as_of_text(edition.as_of, code) in edition.name for code in LANGUAGES):
        return edition.name
    return f"{edition.name} ({as_of_text(edition.as_of, language)})"


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


def waiting_blocks(status: Status, language: str) -> tuple[Block, ...]:
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
    return (
        Heading(_("Whom we wait for")),
        Table(columns, tuple(rows[:MOST_ROWS])),
        *and_more(rows, language),
    )


def next_steps_blocks(status: Status, language: str) -> tuple[Block, ...]:
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
    columns = (Column(_("Date"), 2.5), Column(_("Step"), 6), Column(_("Responsible"), 3))
    return (
        Heading(_("Next steps")),
        Table(columns, tuple(rows[:MOST_ROWS]), empty=_("No step has a date in the next six months.")),
        *and_more(rows, language),
    )


def costs_blocks(status: Status, language: str) -> tuple[Block, ...]:
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


def sources_blocks(status: Status, language: str) -> tuple[Block, ...]:
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
