"""The preconditions of joining side by side: the council's, the handbook's, and that the consortium has chosen a form.
Each is a rule over facts that were entered once; what is missing is said here for every page and document."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlmodel import Session

from models.application.consortium import CONSORTIUM_CODE, ConsortiumCondition, consortium_condition
from models.application.declarations import CONDITION_CODE, Condition, actors_condition
from models.application.phases import ConsortiumForm, the_application
from models.language import translations, translator

FORM_CODE = "legal_form"  # the checklist item that stands for it


@dataclass(frozen=True)
class FormCondition:
    """Whether a form of the consortium is chosen; the handbook leaves it free and advises an association."""

    code: ClassVar[str] = FORM_CODE
    form: ConsortiumForm

    @property
    def is_met(self) -> bool:
        return self.form is not ConsortiumForm.UNDECIDED


AnyCondition = Condition | ConsortiumCondition | FormCondition


def conditions(session: Session, today: date) -> tuple[Condition, ConsortiumCondition]:
    """The two that stand in the way of joining: first the council's, then the handbook's."""
    return actors_condition(session, today), consortium_condition(session, today)


def condition_of(session: Session, code: str, today: date) -> AnyCondition | None:
    """The condition for which an item or a phase with this key stands, or None."""
    if code == CONDITION_CODE:
        return actors_condition(session, today)
    if code == CONSORTIUM_CODE:
        return consortium_condition(session, today)
    return FormCondition(the_application(session).consortium_form) if code == FORM_CODE else None


def count_words(condition: Condition | ConsortiumCondition, language: str) -> str:
    """How many there are, of how many; more than are needed are told without "of"."""
    _ = translator(language)
    if isinstance(condition, Condition):
        more, less = _("{have} declared, {needed} are needed"), _("{have} of {needed} declared")
    else:
        more, less = _("{have} partners, {needed} are needed"), _("{have} of {needed} partners")
    said = more if condition.have > condition.needed else less
    return said.format(have=condition.have, needed=condition.needed)


def missing_words(condition: AnyCondition, language: str) -> list[str]:
    """What is missing, in a few words each; nothing where the condition is met."""
    ngettext = translations(language).ngettext
    if isinstance(condition, Condition):
        actors = ngettext("one more lab actor", "{n} more lab actors", condition.missing)
        return [actors.format(n=condition.missing)] if condition.missing else []
    if isinstance(condition, FormCondition):
        return []
    found = [_role_words(filled.role.title(language), filled.missing) for filled in condition.missing_roles]
    others = condition.missing_others
    if others:
        found.append(ngettext("one more partner", "{n} more partners", others).format(n=others))
    return found


def _role_words(title: str, missing: int) -> str:
    return title if missing == 1 else f"{title} ({missing})"
