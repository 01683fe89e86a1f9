"""From checked CSV lines to the roles of the consortium."""

from collections.abc import Iterable

from models.application.consortium import ConsortiumRole
from models.base import Recorded
from models.catalogue.reading import Reader


def roles(reader: Reader) -> list[ConsortiumRole]:
    """Who belongs to a consortium, and how many of each it needs."""
    found = []
    for position, line in enumerate(reader.lines("roles.csv", "key")):
        needed = line.number_of("needed") or 0
        if needed < 0:
            line.fault("needed is less than nought")
        found.append(
            ConsortiumRole(
                application_id=0,  # set when its application is stored
                code=line.text("key"),
                position=position,
                label_de=line.required("label_de"),
                label_en=line.required("label_en"),
                needed=needed,
                source_de=line.text("source_de"),
                source_en=line.text("source_en"),
            )
        )
    return found


def of_application(found: list[ConsortiumRole], application_id: int) -> Iterable[tuple[str, str, Recorded]]:
    """These roles as rows of this application."""
    for role in found:
        role.application_id = application_id
        yield "roles", role.code, role
