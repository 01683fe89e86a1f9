"""Leaving: what a colleague is responsible for goes to another, and the account is closed."""

from datetime import date

from sqlmodel import Session, SQLModel, col, select

from models.officers import Officer
from models.sign_in import end_links, end_sessions


def held_by(session: Session, officer: Officer) -> dict[str, list[int]]:
    """What names this person as responsible or deputy: 'table.column' -> row ids. Found by walking the metadata,
    so that a new noun with an officer on it is handed over without being named here."""
    found: dict[str, list[int]] = {}
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if not column.info.get("duty"):
                continue
            ids = (
                session.connection().execute(select(table.c.id).where(column == officer.key)).scalars().all()
            )
            if ids:
                found[f"{table.name}.{column.name}"] = list(ids)
    return found


def leave(session: Session, officer: Officer, heir: Officer, today: date) -> int:
    """Hand everything to one colleague and close the account, in one act. Answers how many duties moved."""
    moved = 0
    kinds = {str(mapper.class_.__tablename__): mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    for place, ids in held_by(session, officer).items():
        table, column = place.split(".")
        for row in session.exec(select(kinds[table]).where(col(kinds[table].id).in_(ids))):
            setattr(row, column, heir.key)
            moved += 1
            if hasattr(row, "deputy_id") and heir.key == row.deputy_id == getattr(
                row, "responsible_id", None
            ):
                row.deputy_id = None  # nobody is a deputy of herself
    _stand_in_for_others(session, officer, heir)
    officer.left_on = today
    officer.password_hash = ""
    end_sessions(session, officer)
    end_links(session, officer, session.info["now"])
    return moved


def _stand_in_for_others(session: Session, officer: Officer, heir: Officer) -> None:
    """Whom the leaving colleague was to stand in for, the heir stands in for; nobody is her own deputy."""
    for other in session.exec(select(Officer).where(Officer.stand_in_id == officer.key)):
        other.stand_in_id = heir.key if heir.key != other.key else None
