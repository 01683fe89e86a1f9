"""The notices of Art. 14 GDPR: whom to tell until when, the letter, and what became of it."""

from typing import Any

from flask import request, url_for
from sqlmodel import col, select

from models.contacts.people import Person
from models.database import check_version
from models.documents.report import Report
from models.privacy.notice_facts import NoticeFacts, notice_facts
from models.privacy.notice_text import letter_text, notice_letter
from models.privacy.notices import (
    NoticeState,
    count_to_clear,
    due_notices,
    first_contacts,
    is_due,
    notice_of,
    objected,
    people_to_clear,
    queue,
)
from webapp.database import city, db, today
from webapp.filters import day
from webapp.forms import BaseForm, store
from webapp.mailto import fits, mailto
from webapp.pages import page, page_number
from webapp.people.views import load_person
from webapp.privacy.forms import ObjectionForm, SentForm, WaiveForm
from webapp.privacy.views import AT_ONCE, recorded, room
from webapp.reports.views import pdf_file
from webapp.words import _, language, ngettext


def _ticked() -> set[int]:
    found = request.form.getlist("person")
    return {int(key) for key in found if key.isascii() and key.isdigit() and len(key) < 10}


@room.route("/datenschutz/informationsschreiben", methods=["GET", "POST"])
def notices() -> Any:
    """Whom to tell, the earliest deadline first; several letters that were sent can be recorded at once."""
    form, ticked = SentForm(data={"notice_sent_on": today()}), _ticked()
    if form.validate_on_submit():
        if ticked:
            return _record(ticked, form)
        form.form_errors.append(_("Please tick at least one person."))
    number = page_number()
    found = queue(db(), AT_ONCE + 1, (number - 1) * AT_ONCE)
    return page(
        "privacy/notices.html",
        form=form,
        ticked=ticked,
        found=found[:AT_ONCE],
        due=due_notices(db()),
        to_clear=count_to_clear(db()),
        number=number,
        has_more=len(found) > AT_ONCE,
        today=today(),
    )


def _record(keys: set[int], form: SentForm) -> Any:
    """Of those who are still to be told; what a colleague recorded meanwhile stays as it is."""
    people = list(db().exec(select(Person).where(col(Person.id).in_(keys), is_due())))
    for person in people:
        check_version(db(), person, person.version)
        person.notice_sent_on = form.notice_sent_on.data
    told = ngettext("One letter is noted as sent.", "{n} letters are noted as sent.", len(people))
    if len(people) < len(keys):
        told += " " + _("For the others something was recorded already.")
    return recorded(url_for(".notices"), told)


@room.get("/datenschutz/herkunft")
def to_clear() -> Any:
    """Of whom nobody has said where the data come from."""
    number = page_number()
    found = people_to_clear(db(), AT_ONCE + 1, (number - 1) * AT_ONCE)
    return page(
        "privacy/to_clear.html",
        people=found[:AT_ONCE],
        count=count_to_clear(db()),
        number=number,
        has_more=len(found) > AT_ONCE,
    )


def _letter(person: Person) -> tuple[NoticeFacts, Report]:
    facts = notice_facts(db(), person, city(), today())
    return facts, notice_letter(facts)


@room.route("/datenschutz/informationsschreiben/<int:key>", methods=["GET", "POST"])
def letter(key: int) -> Any:
    """The letter to one person, to be sent by the officer; then the day is recorded here."""
    person = load_person(key)
    form = SentForm(obj=person)
    if form.validate_on_submit() and store(form, person):
        said = _("It is noted that {name} was informed on {day}.")
        name = person.title(language())
        return recorded(url_for(".notices"), said.format(name=name, day=day(form.notice_sent_on.data)))
    facts, report = _letter(person)
    text = letter_text(report)
    if not form.is_submitted() and form.notice_sent_on.data is None:
        form.notice_sent_on.data = today()
    return page(
        "privacy/letter.html",
        person=person,
        form=form,
        facts=facts,
        report=report,
        text=text,
        notice=notice_of(person, first_contacts(db(), [person]).get(key)),
        states=NoticeState,
        mail_address=mailto(person.email, report.title, text),
        is_whole=fits(person.email, report.title, text),
        today=today(),
    )


@room.get("/datenschutz/informationsschreiben/<int:key>/schreiben.pdf")
def letter_pdf(key: int) -> Any:
    """The letter on paper."""
    return pdf_file(_letter(load_person(key))[1], f"informationsschreiben-{key}")


@room.route("/datenschutz/informationsschreiben/<int:key>/nicht-noetig", methods=["GET", "POST"])
def waive(key: int) -> Any:
    """No letter is needed, because."""
    person = load_person(key)
    form = WaiveForm(obj=person)
    if form.validate_on_submit() and store(form, person):
        person.notice_waived = form.reason
        said = _("It is noted why {name} gets no letter.").format(name=person.title(language()))
        return recorded(url_for(".notices"), said)
    return _asked("privacy/waive.html", person, form)


@room.route("/datenschutz/informationsschreiben/<int:key>/widerspruch", methods=["GET", "POST"])
def objection(key: int) -> Any:
    """The person objected: nothing more is sent, and whether to keep the data is reviewed."""
    person = load_person(key)
    form = ObjectionForm(obj=person)
    if not form.is_submitted() and form.objected_on.data is None:
        form.objected_on.data = today()
    if form.validate_on_submit() and store(form, person):
        objected(person, form.objected_on.data, form.objection.data)
        said = _("The objection of {name} is noted. Please decide now whether the data may be kept.")
        return recorded(url_for(".review"), said.format(name=person.title(language())))
    return _asked("privacy/objection.html", person, form)


def _asked(template: str, person: Person, form: BaseForm) -> Any:
    return page(template, person=person, form=form)
