"""Rules: a standing duty is written, looked at in advance, and only then switched on."""

from typing import Any

from flask import abort, flash, redirect, request, url_for

from models.reminders.asking import begin_anew, counting, name_recipients, remove, switch
from models.reminders.checking import faults, load_of, outlook_of
from models.reminders.naming import name_if_empty, suggested_name
from models.reminders.recipients import surroundings
from models.reminders.record import reminders_of_rule
from models.reminders.rules import ReminderRule, SubjectKind, named_recipients
from models.reminders.subjects import Subject, load_subject
from models.reminders.texts import MailText
from webapp.clock import now
from webapp.database import db
from webapp.forms import ConfirmForm, fill, store
from webapp.pages import done, history_page, load, page, return_address
from webapp.reminders.forms import RuleForm
from webapp.reminders.views import room, subject_address
from webapp.reminders.words import by_person, too_much
from webapp.words import _

RECORD_SHOWN = 20
PLANNED_SHOWN = 200


def _form(rule: ReminderRule | None) -> RuleForm:
    form = RuleForm(obj=rule)
    if rule is not None and not form.is_submitted():
        also, but = named_recipients(db(), rule.key)
        form.also_ids.data, form.but_ids.data = sorted(also), sorted(but)
        # A name that the program made changes with what it says; only a person's own stays.
        if rule.name_de == suggested_name(rule, "de"):
            form.name_de.data = form.name_en.data = ""
    if rule is None or rule.fixed_on is None:
        del form.fixed_on
    else:
        del form.amount, form.unit, form.direction
    if rule is not None and rule.subject_id is not None:
        del form.subject_kind, form.only_series, form.only_words
    return form


def _present(key: int) -> ReminderRule:
    """A rule that was not removed, or 404."""
    rule = load(ReminderRule, key)
    if rule.removed_at is not None:
        abort(404)
    return rule


def _subject_of(rule: ReminderRule) -> Subject | None:
    return load_subject(db(), rule.subject_kind, rule.subject_id) if rule.subject_id else None


def _is_accepted(rule: ReminderRule, form: RuleForm) -> bool:
    """Judge the rule as it was just written. With a fault nothing stays saved, and the form says the way out."""
    name_if_empty(rule)
    named = set(form.also_ids.data or ()), set(form.but_ids.data or ())
    name_recipients(db(), rule, *named)
    around = surroundings(db())
    found = faults(rule, named, _subject_of(rule), around, now())
    for fault in found:
        if fault.field in form:
            form[fault.field].errors = [_(fault.label)]
        else:
            form.form_errors.append(_(fault.label))
    load = load_of(*outlook_of(db(), rule, around, now())) if not found else None
    if load is not None and load.is_too_much:
        form.form_errors.append(too_much(load))
    if form.errors:
        db().rollback()
    return not form.errors


@room.route("/erinnerungen/regeln/neu", methods=["GET", "POST"])
def create_rule() -> Any:
    """Write a standing duty; it is off until somebody has looked at what it would do."""
    form = _form(None)
    if form.validate_on_submit():
        rule = ReminderRule(
            subject_kind=SubjectKind.COMMITMENT, is_on=False, effective_from=now(), queued_until=now()
        )
        fill(form, rule)
        db().add(rule)
        db().flush()
        if _is_accepted(rule, form):
            said = _("Saved. Please look at what it would send, and switch it on.")
            return done(url_for(".show_rule", key=rule.key), said)
    return page("reminders/edit_rule.html", form=form, rule=None, back=url_for(".index"))


@room.get("/erinnerungen/regeln/<int:key>")
def show_rule(key: int) -> Any:
    """One rule, and who gets what when in the next twelve months."""
    rule = load(ReminderRule, key)
    around, is_there = surroundings(db()), rule.removed_at is None
    also, but = named_recipients(db(), key)
    at_once, planned = outlook_of(db(), rule, around, now()) if is_there else ([], [])
    return page(
        "reminders/rule.html",
        rule=rule,
        subject=_subject_of(rule),
        also=sorted(also),
        but=sorted(but),
        own_text=db().get(MailText, rule.text_id) if rule.text_id else None,
        at_once=at_once[:PLANNED_SHOWN],
        planned=planned[:PLANNED_SHOWN],
        more=max(0, len(at_once) - PLANNED_SHOWN) + max(0, len(planned) - PLANNED_SHOWN),
        late=by_person(at_once),
        load=load_of(at_once, planned),
        wrong=faults(rule, (also, but), None, around, now()) if is_there and rule.subject_id is None else [],
        too_much=too_much,
        record=reminders_of_rule(db(), key, RECORD_SHOWN),
        subject_address=subject_address,
    )


@room.route("/erinnerungen/regeln/<int:key>/bearbeiten", methods=["GET", "POST"])
def edit_rule(key: int) -> Any:
    """Change a rule."""
    rule = _present(key)
    form, before = _form(rule), counting(rule)
    if form.validate_on_submit() and store(form, rule):
        if counting(rule) != before:
            begin_anew(rule, now())
        if _is_accepted(rule, form):
            return done(url_for(".show_rule", key=key), _("Saved."))
        db().refresh(rule)
    return page("reminders/edit_rule.html", form=form, rule=rule, back=url_for(".show_rule", key=key))


@room.post("/erinnerungen/regeln/<int:key>/schalten")
def switch_rule(key: int) -> Any:
    """Switch a rule on or off. One that would send far too much at once stays off."""
    rule, on = _present(key), request.form.get("an") == "ja"
    if on and not rule.is_on:
        load = load_of(*outlook_of(db(), rule, surroundings(db()), now()))
        if load.is_too_much:
            flash(too_much(load))
            return redirect(url_for(".show_rule", key=key), code=303)
    switch(rule, on, now())
    said = _("The reminder is switched on.") if on else _("The reminder is switched off.")
    return done(url_for(".show_rule", key=key), said)


@room.route("/erinnerungen/regeln/<int:key>/entfernen", methods=["GET", "POST"])
def remove_rule(key: int) -> Any:
    """Ask, then take the rule away. What went out stays on record."""
    rule = load(ReminderRule, key)
    form, back = ConfirmForm(), return_address(url_for(".index"))
    if rule.removed_at is not None:
        flash(_("This reminder was removed already."))
        return redirect(back, code=303)
    if form.validate_on_submit():
        remove(rule, now())
        return done(back, _("The reminder “{name}” was removed.").format(name=rule.name_de))
    return page("reminders/remove_rule.html", rule=rule, subject=_subject_of(rule), form=form, back=back)


@room.get("/erinnerungen/regeln/<int:key>/verlauf")
def history_rule(key: int) -> Any:
    """Every change of a rule."""
    return history_page(load(ReminderRule, key), url_for(".show_rule", key=key))
