"""The letter by which a person is told that we keep her data (Art. 14(1) and (2) GDPR), in our own words.

In German to who reads German, else in English. Nothing here is sent by the program.
"""

from models.base import N_
from models.contacts.people import DataOrigin, LegalBasis
from models.documents.report import Block, Bullets, Facts, Heading, Paragraph, Report, Table
from models.language import day_text, translator
from models.privacy.notice_facts import NoticeFacts

USUAL_PURPOSE = N_("exchange with cities, labs and partners on the city’s way into the Fab City Network")

_BASIS = {
    LegalBasis.PUBLIC_TASK: N_("We do so in the exercise of our public task (Art. 6(1)(e) GDPR)."),
    LegalBasis.CONSENT: N_(
        "We do so with your consent (Art. 6(1)(a) GDPR), which you can withdraw at any time."
    ),
    LegalBasis.CONTRACT: N_("We do so to prepare or carry out a contract with you (Art. 6(1)(b) GDPR)."),
    LegalBasis.LEGAL_DUTY: N_("We do so because a law obliges us to (Art. 6(1)(c) GDPR)."),
}


def letter_language(person_language: str) -> str:
    """The language of the letter for who is written to in this one."""
    return "de" if person_language == "de" else "en"


def notice_letter(facts: NoticeFacts) -> Report:
    """The letter as a document; `letter_text` makes a mail of it."""
    language = letter_language(facts.person.language)
    _ = translator(language)
    city = facts.city
    return Report(
        title=_("Information about your data (Art. 14 GDPR)"),
        language=language,
        author=city.unit or city.name,
        letterhead=tuple(
            line for line in (city.name, city.unit, *city.postal_address.split("\n")) if line.strip()
        ),
        facts=((_("To"), facts.person.title(language)), (_("Date"), day_text(facts.day, language))),
        blocks=(*_beginning(facts, language), *_data(facts, language), *_time_and_rights(facts, language)),
        footer=city.unit_email,
    )


def _beginning(facts: NoticeFacts, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    city, person = facts.city, facts.person
    where = ", ".join(part for part in (person.function, facts.organisation) if part)
    known_as = _("We keep you as a contact: {function}.").format(function=where) if where else ""
    intro = _(
        "We have entered you in our address book. As we did not get the data from you, we tell you here which data "
        "these are, what we need them for, and what rights you have."
    )
    responsible = "\n".join(
        part for part in (city.name, city.unit, city.postal_address, city.unit_email) if part
    )
    rows = (
        (_("Controller"), responsible),
        (_("Data protection officer"), city.privacy_officer),
    )
    return (
        Paragraph(_("Dear {name},").format(name=person.title(language))),
        Paragraph(" ".join(part for part in (intro, known_as) if part)),
        Facts(rows),
    )


def _data(facts: NoticeFacts, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    person = facts.person
    purpose = _("Purpose: {purpose}.").format(purpose=(person.purpose or _(USUAL_PURPOSE)).rstrip("."))
    recipients = _(
        "The colleagues of the unit who work with this address book, and those who run the computers for the city. "
        "We do not send the data to countries outside the European Union, and no decisions are made automatically."
    )
    return (
        Heading(_("What we need the data for")),
        Paragraph(f"{purpose} {_(_BASIS[person.legal_basis])}"),
        Heading(_("Which data we keep")),
        Bullets(tuple(_(kind) for kind in facts.kinds)),
        Heading(_("Where the data come from")),
        Paragraph(_origin(facts, language)),
        Heading(_("Who sees the data")),
        Paragraph(recipients),
    )


def _origin(facts: NoticeFacts, language: str) -> str:
    _ = translator(language)
    person = facts.person
    kind = {
        DataOrigin.PUBLIC: _("From a publicly accessible source"),
        DataOrigin.THIRD_PARTY: _("From somebody else"),
    }.get(person.origin, _("Source"))
    source = f"{kind}: {person.source}" if person.source else kind
    day = _("as of {day}").format(day=day_text(person.source_on, language)) if person.source_on else ""
    return ", ".join(part for part in (source, day) if part) + "."


def _time_and_rights(facts: NoticeFacts, language: str) -> tuple[Block, ...]:
    _ = translator(language)
    city, is_agreed = facts.city, facts.person.legal_basis in (LegalBasis.CONSENT, LegalBasis.CONTRACT)
    kept = _(
        "Until {n} months after your last function known to us has ended; if we know of none, until {n} months after "
        "we last heard from each other. Then we review and erase them."
    )
    rights = [
        _("access to your data (Art. 15 GDPR)"),
        _("correction of what is wrong (Art. 16 GDPR)"),
        _("erasure (Art. 17 GDPR)"),
        _("restriction of the processing (Art. 18 GDPR)"),
        *([_("a copy that can be carried to others (Art. 20 GDPR)")] if is_agreed else []),
    ]
    object_ = _(
        "You can object at any time, for reasons that arise from your particular situation (Art. 21 GDPR). A short "
        "message to {email} is enough; we then no longer write to you and review the erasure."
    )
    other = _("To use your rights, a short message to {email} is enough.")
    is_public = facts.person.legal_basis is LegalBasis.PUBLIC_TASK
    authority = _("You can complain to the supervisory authority: {authority}.")
    return (
        Heading(_("How long we keep them")),
        Paragraph(kept.format(n=city.contacts_keep_months)),
        Heading(_("Your rights")),
        Bullets(tuple(rights)),
        Paragraph(
            (object_ if is_public else other).format(email=city.unit_email or city.unit), is_strong=is_public
        ),
        *(
            [Paragraph(authority.format(authority=", ".join(facts.authority.split("\n"))))]
            if facts.authority
            else []
        ),
        Paragraph("\n".join(part for part in (_("Kind regards"), city.unit, city.name) if part)),
    )


def letter_text(report: Report) -> str:
    """The same as plain text, for a mail."""
    parts: list[str] = []
    for block in report.blocks:
        if isinstance(block, Heading):
            parts.append(block.text.upper())
        elif isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts.append("\n".join(f"- {item}" for item in block.items))
        elif isinstance(block, Facts):
            parts += [f"{label}:\n{value}" for label, value in block.rows if value]
        elif isinstance(block, Table):
            raise TypeError("a letter has no tables")
    return "\n\n".join(parts)
