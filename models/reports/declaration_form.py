"""The declaration form: one page on which a lab or partner declares its wish. A proposal of ours, not a form of the
network; what it means and does not mean stands on it."""

from dataclasses import dataclass
from datetime import date

from models.documents.report import (
    Blanks,
    Block,
    Bullets,
    Choices,
    Heading,
    Note,
    Paragraph,
    Report,
    Signatures,
)
from models.language import day_text, translator


@dataclass(frozen=True)
class Return:
    """Where the signed page goes to: the city, its unit and the unit's address."""

    city: str
    unit: str
    email: str


@dataclass(frozen=True)
class Declaring:
    """Who declares, as far as it is known; what is not known stays a line to write on."""

    name: str = ""
    email: str = ""


def declaration_form(
    language: str, to: Return, declaring: Declaring, resolution: tuple[str, date] | None = None
) -> Report:
    """The form in this language. `resolution`: reference and day of what the council adopted."""
    _ = translator(language)
    return Report(
        title=_("Declaration on joining the Fab City Network"),
        subtitle=_("of a lab, a workshop or another partner in {city}").format(city=to.city),
        language=language,
        author=to.unit or to.city,
        letterhead=tuple(line for line in (to.city, to.unit) if line),
        blocks=(
            Heading(_("Who declares")),
            Blanks(
                (
                    (_("Organisation"), declaring.name),
                    (_("Postal address"), ""),
                    (_("Represented by (name, function)"), ""),
                    (_("E-mail or telephone"), declaring.email),
                )
            ),
            *_declared(language, to),
            *_meaning(language, to, resolution),
            Signatures((_("Place, date"), _("Signature"))),
            *_return(language, to),
        ),
    )


def _declared(language: str, to: Return) -> tuple[Block, ...]:
    _ = translator(language)
    return (
        Heading(_("What we declare (please tick)")),
        Choices(
            (
                _("We wish that {city} joins the Fab City Network.").format(city=to.city),
                _("We want to take part in the consortium that prepares the joining and fills it with life."),
            )
        ),
        Blanks(
            (
                (_("Our role in the consortium"), ""),
                (_("Valid until (else: until withdrawn)"), ""),
            )
        ),
    )


def _meaning(language: str, to: Return, resolution: tuple[str, date] | None) -> tuple[Block, ...]:
    _ = translator(language)
    means = [
        _("The city may name our organisation to the council and to the network."),
        _("We can withdraw the declaration at any time, without giving reasons; a short message is enough."),
    ]
    if resolution is not None:
        reference, adopted_on = resolution
        counted = _("Our wish counts for the council’s resolution {reference} of {day}.")
        means.insert(0, counted.format(reference=reference, day=day_text(adopted_on, language)))
    return (
        Heading(_("What this means")),
        Bullets(tuple(means)),
        Heading(_("What this does not mean")),
        Bullets(
            (
                _("No legal obligation, no costs and no membership of an association follow from it."),
                _("It is no application to the network and does not make {city} a member.").format(
                    city=to.city
                ),
                _("It is not a form of the Fab City Network, but a proposal of the city."),
            )
        ),
    )


def _return(language: str, to: Return) -> tuple[Block, ...]:
    _ = translator(language)
    stored = _(
        "Data protection: the signed page is stored by: {unit} ({city}). Purpose: to prove to the council and the "
        "network who wishes to join. Whoever signs can ask there what is stored and have it corrected or deleted."
    )
    where = ", ".join(part for part in (to.unit, to.city, to.email) if part)
    return (
        Note(where, _("Please return it signed, scanned or on paper, to")),
        Paragraph(stored.format(unit=to.unit or to.city, city=to.city), is_small=True),
    )
