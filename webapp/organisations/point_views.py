"""Pages of the functional mailboxes and numbers of an organisation."""

from typing import Any

from models.contacts.organisations import Organisation
from webapp.organisations.views import room
from webapp.pages import load
from webapp.people.points import add_point_page, delete_point_page, edit_point_page


@room.route("/organisationen/<int:key>/adressen/neu", methods=["GET", "POST"])
def add_point(key: int) -> Any:
    """Add one."""
    return add_point_page(load(Organisation, key))


@room.route("/organisationen/<int:key>/adressen/<int:point>", methods=["GET", "POST"])
def edit_point(key: int, point: int) -> Any:
    """Change one."""
    return edit_point_page(load(Organisation, key), point)


@room.route("/organisationen/<int:key>/adressen/<int:point>/loeschen", methods=["GET", "POST"])
def delete_point(key: int, point: int) -> Any:
    """Delete one."""
    return delete_point_page(load(Organisation, key), point)
