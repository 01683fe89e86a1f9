"""Pages of the further addresses and numbers of a person."""

from typing import Any

from webapp.people.points import add_point_page, delete_point_page, edit_point_page
from webapp.people.views import load_person, room


@room.route("/kontakte/<int:key>/adressen/neu", methods=["GET", "POST"])
def add_point(key: int) -> Any:
    """Add one."""
    return add_point_page(load_person(key))


@room.route("/kontakte/<int:key>/adressen/<int:point>", methods=["GET", "POST"])
def edit_point(key: int, point: int) -> Any:
    """Change one."""
    return edit_point_page(load_person(key), point)


@room.route("/kontakte/<int:key>/adressen/<int:point>/loeschen", methods=["GET", "POST"])
def delete_point(key: int, point: int) -> Any:
    """Delete one."""
    return delete_point_page(load_person(key), point)
