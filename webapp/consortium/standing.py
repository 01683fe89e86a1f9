"""How a partner stands: its declaration, and what is missing of it; the same on every page and in the table."""

from dataclasses import dataclass

from models.application.consortium import PartnerRow, partner_rows
from models.application.declarations import DeclarationKind, DeclarationState, Declared, declared, latest_of
from webapp.database import db, today
from webapp.filters import day
from webapp.words import _


@dataclass(frozen=True)
class Standing:
    """A partner with its declaration to take part, the one to look at."""

    row: PartnerRow
    declared: Declared | None

    @property
    def is_in(self) -> bool:
        return self.row.partner.is_in(today())

    @property
    def has_declared(self) -> bool:
        return self.declared is not None and counts(self.declared)

    @property
    def missing(self) -> list[str]:
        """What is missing of this partner, in words."""
        found = [] if self.row.person else [_("contact person")]
        if not self.has_declared:
            found.append(_("valid declaration") if self.declared else _("declaration"))
        elif self.declared and self.declared.evidence is None:
            found.append(_("signed declaration"))
        return found


def counts(declared: Declared) -> bool:
    """Whether a declaration counts today."""
    return declared.state(today()) is DeclarationState.STANDS


def state_words(declared: Declared) -> str:
    """Since when and until when a declaration counts, or why it does not."""
    state, until = declared.state(today()), declared.valid_until
    if state is DeclarationState.WITHDRAWN:
        return _("withdrawn on {day}").format(day=day(declared.declaration.withdrawn_on))
    if state is DeclarationState.EXPIRED:
        return _("expired on {day}").format(day=day(until))
    if state is DeclarationState.UNPROVEN:
        return _("its proof was withdrawn")
    return _("valid until {day}").format(day=day(until)) if until else _("stands")


def standings(organisation_id: int | None = None) -> list[Standing]:
    """All partners, or what one organisation is in the consortium; those who left too."""
    made = latest_of(declared(db(), organisation_id), DeclarationKind.CONSORTIUM, today())
    return [Standing(row, made.get(row.organisation.key)) for row in partner_rows(db(), organisation_id)]
