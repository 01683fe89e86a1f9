"""Which mails somebody wants, and whether an address may be written to at all."""

from typing import Any

from flask import g, url_for

from models.language import known_language
from models.officers import Officer
from models.reminders.addresses import block_address, release_address, unblock_address
from webapp.access import officer
from webapp.accounts.forms import OwnMailForm
from webapp.accounts.views import room
from webapp.database import db, today
from webapp.forms import store
from webapp.pages import done, load, page
from webapp.words import _


@room.route("/meine-e-mails", methods=["GET", "POST"])
def own_mails() -> Any:
    """What everybody decides about the own mails."""
    form = OwnMailForm(obj=officer())
    if form.validate_on_submit() and store(form, officer()):
        g.language = known_language(officer().language)
        return done(url_for(".show", key=officer().key), _("Saved."))
    return page("accounts/own_mails.html", form=form, person=officer())


@room.post("/kolleginnen/<int:key>/keine-e-mails")
def block(key: int) -> Any:
    """No reminders to this address; the second time nothing changes."""
    address = load(Officer, key).email
    block_address(db(), address, today())
    said = _("No reminders go to {address} any more.").format(address=address)
    return done(url_for(".show", key=key), said)


@room.post("/kolleginnen/<int:key>/wieder-e-mails")
def unblock(key: int) -> Any:
    """Reminders go to this address again."""
    address = load(Officer, key).email
    unblock_address(db(), address)
    return done(url_for(".show", key=key), _("Reminders go to {address} again.").format(address=address))


@room.post("/kolleginnen/<int:key>/adresse-geprueft")
def release(key: int) -> Any:
    """Somebody checked the address that the mail server had refused."""
    address = load(Officer, key).email
    release_address(db(), address)
    return done(url_for(".show", key=key), _("The address is used again: {address}.").format(address=address))
