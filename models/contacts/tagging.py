"""Putting tags on people and organisations, and keeping the list of tags tidy."""

from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from models.audit import Action, AuditEntry
from models.base import CODE, LINE, Searchable
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.tags import Tag, TagLink, tag_names
from models.folding import fold

MOST_TAGS = 30  # on one row

_TABLES: dict[str, type[Searchable]] = {"person": Person, "organisation": Organisation}


def split_tags(typed: str) -> list[str]:
    """The tags of a line like "Holz, Presse"; one that stands there twice, in whatever spelling, is one."""
    found: dict[str, str] = {}
    for part in typed.replace(";", ",").split(","):
        name = " ".join(part.split())
        if fold(name):
            found.setdefault(fold(name), name)
    return list(found.values())


def tags_on(session: Session, subject_kind: str, subject_id: int) -> list[Tag]:
    """The tags of a row, in German order."""
    on_it = (TagLink.subject_kind == subject_kind, TagLink.subject_id == subject_id)
    found = select(Tag).join(TagLink, col(TagLink.tag_id) == col(Tag.id)).where(*on_it)
    return list(session.exec(found.order_by(col(Tag.name_key))))


def set_tags(session: Session, subject_kind: str, subject_id: int, names: list[str]) -> None:
    """These tags, of at most 60 characters each, and no others stand on the row from here on. Tags that are not known
    yet are made. The row's history tells it, and the row is found by its tags at once."""
    session.flush()
    before = tag_names(session, subject_kind, subject_id)
    wanted = {fold(name): name for name in names}
    on_it = (TagLink.subject_kind == subject_kind, TagLink.subject_id == subject_id)
    linked = select(TagLink, Tag.name_key).join(Tag, col(Tag.id) == col(TagLink.tag_id)).where(*on_it)
    links = {name_key: link for link, name_key in session.exec(linked)}
    for name_key, link in links.items():
        if name_key not in wanted:
            session.delete(link)
    for name_key in wanted.keys() - links.keys():
        tag_id = _tag(session, wanted[name_key]).key
        session.add(TagLink(tag_id=tag_id, subject_kind=subject_kind, subject_id=subject_id))
    session.flush()
    after = tag_names(session, subject_kind, subject_id)
    row = session.get(_TABLES[subject_kind], subject_id)
    if row is None or before == after:
        return
    _tell(session, subject_kind, row, before, after)
    _find_again(session, row)


def _tag(session: Session, name: str) -> Tag:
    tag = session.exec(select(Tag).where(Tag.name_key == fold(name))).first()
    if tag is None:
        tag = Tag(name=name[:CODE])
        session.add(tag)
        session.flush()
    return tag


def _tell(session: Session, kind: str, row: Searchable, before: list[str], after: list[str]) -> None:
    # Links are no column of the row, so the session's own history cannot see them.
    if session.info.get("unrecorded"):
        return
    entry = {
        "at": session.info["now"],
        "officer_id": session.info.get("officer_id"),
        "subject_kind": kind,
        "subject_id": row.key,
        "label": row.title("de")[:LINE],
        "action": Action.CHANGED,
        "reason": session.info.get("reason", ""),
        "changes": {"tags": [", ".join(before), ", ".join(after)]},
    }
    session.connection().execute(insert(AuditEntry), [entry])


def _find_again(session: Session, *rows: Searchable) -> None:
    # People are found anew by themselves (models/contacts/search/rederiving.py).
    for row in rows:
        if isinstance(row, Organisation):
            row.derive()
    session.flush()


@dataclass(frozen=True)
class UsedTag:
    """A tag, and on how many people and organisations it stands."""

    tag: Tag
    people: int
    organisations: int

    @property
    def uses(self) -> int:
        return self.people + self.organisations


def used_tags(session: Session) -> list[UsedTag]:
    """All tags in German order with their numbers. Two queries."""
    counted = select(TagLink.tag_id, TagLink.subject_kind, func.count()).group_by(
        col(TagLink.tag_id), col(TagLink.subject_kind)
    )
    counts = {(tag_id, kind): number for tag_id, kind, number in session.exec(counted)}
    tags = session.exec(select(Tag).order_by(col(Tag.name_key)))
    return [
        UsedTag(tag, counts.get((tag.key, "person"), 0), counts.get((tag.key, "organisation"), 0))
        for tag in tags
    ]


def rename_tag(session: Session, tag: Tag, name: str) -> Tag:
    """Give a tag another name. Where another tag has this name already, the two become that one, which is answered."""
    session.flush()
    offices = _tagged_organisations(session, tag)
    same = session.exec(select(Tag).where(Tag.name_key == fold(name), Tag.id != tag.id)).first()
    if same is None:
        tag.name = name
        session.flush()
    else:
        _lead_over(session, tag, same)
    _find_again(session, *offices)
    return same or tag


def _links(session: Session, tag: Tag) -> list[TagLink]:
    return list(session.exec(select(TagLink).where(TagLink.tag_id == tag.key)))


def _lead_over(session: Session, tag: Tag, to: Tag) -> None:
    taken = {(link.subject_kind, link.subject_id) for link in _links(session, to)}
    for link in _links(session, tag):
        if (link.subject_kind, link.subject_id) in taken:
            session.delete(link)
        else:
            link.tag_id = to.key
    session.flush()
    session.delete(tag)
    session.flush()


def delete_tag(session: Session, tag: Tag) -> None:
    """Take a tag away everywhere; people and organisations stay."""
    session.flush()
    offices = _tagged_organisations(session, tag)
    for link in _links(session, tag):
        session.delete(link)
    session.flush()
    session.delete(tag)
    session.flush()
    _find_again(session, *offices)


def _tagged_organisations(session: Session, tag: Tag) -> list[Organisation]:
    with_it = [link.subject_id for link in _links(session, tag) if link.subject_kind == "organisation"]
    return list(session.exec(select(Organisation).where(col(Organisation.id).in_(with_it))))
