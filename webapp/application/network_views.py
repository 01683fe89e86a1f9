"""Other networks: each a case of its own."""

from typing import Any

from flask import redirect
from wtforms import BooleanField

from models.application.phases import Application, applications, the_application
from models.base import NAME
from models.networks import add_network
from webapp.application.chosen import case_address
from webapp.application.views import room
from webapp.database import db, today
from webapp.forms import BaseForm, TextField
from webapp.pages import done, load, page
from webapp.words import L_, _


class NetworkForm(BaseForm):
    """Another network that the city wants to join."""

    network = TextField(L_("Name of the network"), NAME, required=True)
    with_phases = BooleanField(L_("Take over the phases of the first case, without dates and people"))


@room.get("/beitritt/netze")
def networks() -> Any:
    """All cases."""
    rows = [(row, case_address(".show", row)) for row in applications(db())]
    return page("application/networks.html", rows=rows)


@room.get("/beitritt/netze/<int:key>")
def show_case(key: int) -> Any:
    """The address of a case by its number leads to its page."""
    return redirect(case_address(".show", load(Application, key)))


@room.route("/beitritt/netze/neu", methods=["GET", "POST"])
def create_network() -> Any:
    """Add a case for another network."""
    form = NetworkForm()
    if form.validate_on_submit():
        if any(row.network.casefold() == form.network.data.casefold() for row in applications(db())):
            form.network.errors = [_("There is a case for this network already.")]
        else:
            copied = the_application(db()).key if form.with_phases.data else None
            made = add_network(db(), form.network.data, today(), copied)
            return done(case_address(".show", made), _("The case is added."))
    return page("application/network.html", form=form)
