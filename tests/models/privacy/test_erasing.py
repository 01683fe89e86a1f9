"""What an erasure takes, what it leaves, and that nothing comes back to life."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlmodel import Session, select

from models.audit import AuditEntry, history_of
from models.contacts.duplicates.merging import Choice, ContactMerge, merge
from models.contacts.duplicates.separating import separate
from models.contacts.interactions import Interaction, InteractionFile, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person, PersonState
from models.contacts.points import ContactPoint, PointKind
from models.database import Database, OutdatedError
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision
from models.files import FileStore
from models.followups import FollowUp, FollowUpKind
from models.imports.batches import BatchState, ImportBatch, ImportChange, ImportKind
from models.officers import Officer
from models.privacy.erasing import Erased, erase
from models.privacy.planning import alike, plan_erasure
from models.privacy.records import ErasureReason
from models.reminders.messages import MailAddress

NAME = "Nele Wüstenhöfer"


def add(session: Session, **more: object) -> Person:
    values = {"given_name": "Nele", "family_name": "Wüstenhöfer", "email": "nele@werkhof.example"} | more
    person = Person(**values)
    session.add(person)
    session.flush()
    return person


def gone(session: Session, person: Person, folder: Path, now: datetime, **more: object) -> Erased:
    return erase(session, person, ErasureReason.REQUEST, FileStore(folder), now, now.date(), **more)  # type: ignore[arg-type]


def test_what_was_deleted_or_changed_long_ago_is_found_by_its_history(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        person = add(session, family_name="Altmann", email="nele.altmann@frueher.example")
        point = ContactPoint(person_id=person.key, kind=PointKind.PHONE, value="0431 987 6543")
        call = FollowUp(kind=FollowUpKind.CONTACT, subject_kind="person", subject_id=person.key, what="Holz",
                        due_on=now.date())  # fmt: skip
        session.add_all([point, call])
        session.flush()
        person.family_name, person.email = "Wüstenhöfer", "nele@werkhof.example"
        session.flush()
        for row in (point, call):
            session.delete(row)
        lab = Organisation(name="Hof", role_de="Nele Altmann, +49 431 9876543, NELE.ALTMANN@frueher.example")
        session.add(lab)
        session.flush()
        point_id, call_id = point.key, call.key
        gone(session, person, tmp_path, now)
        session.commit()
        assert lab.role_de == "[gelöschter Kontakt], [gelöschter Kontakt], [gelöschter Kontakt]"
        for kind, key in (("contact_point", point_id), ("follow_up", call_id), ("person", person.key)):
            for entry in history_of(session, kind, key):
                assert entry.label == "Kontakt, gelöscht am 23.11.2026", kind
                assert all(change == [None, None] for change in entry.changes.values()), kind
        last = history_of(session, "person", person.key)[0]
        assert (last.action.value, last.reason) == (
            "deleted",
            "Die Person hat darum gebeten (Art. 17 DSGVO).",
        )


def test_an_address_that_came_in_bulk_and_was_deleted_is_found_by_the_entry_of_its_deletion(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        person = add(session)
        connection = session.connection()
        connection.execute(insert(ContactPoint).values(person_id=person.key, kind=PointKind.EMAIL, label="Büro",
                           value="nw@privat.example",
                           value_key="nw@privat.example", position=0, version=1))  # fmt: skip
        session.delete(session.exec(select(ContactPoint)).one())
        lab = Organisation(name="Hof", role_de="nw@privat.example")
        session.add(lab)
        session.flush()
        gone(session, person, tmp_path, now)
        assert lab.role_de == "[gelöschter Kontakt]"
        assert not [
            one for one in session.exec(select(AuditEntry)) if "privat" in f"{one.label}{one.changes}"
        ]


def test_those_merged_into_her_go_and_one_who_was_separated_again_stays(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        kept, twin = add(session), add(session, given_name="Helene", email="helene@x.example")
        other = add(session, given_name="Uwe", family_name="Andersch", email="uwe@x.example")
        twin.state, twin.merged_into_id = PersonState.MERGED, kept.key
        before = {"given_name": "Helene", "email": "helene@x.example"}
        session.add_all([
            ContactMerge(kept_id=kept.key, gone_id=twin.key, merged_at=now, before=before, after=before),
            ContactMerge(kept_id=kept.key, gone_id=other.key, merged_at=now, undone_at=now,
                         before={"given_name": "Uwe", "family_name": "Andersch"}, after={"email": "uwe@x.example"}),
            Organisation(name="Hof", role_de="Helene Wüstenhöfer und Uwe Andersch, uwe@x.example"),
        ])  # fmt: skip
        session.flush()
        gone(session, kept, tmp_path, now)
        assert [one.state.value for one in (kept, twin, other)] == ["erased", "erased", "active"]
        assert session.exec(select(ContactMerge)).all() == [], "nothing is left that could be undone"
        hof = session.exec(select(Organisation).where(Organisation.name == "Hof")).one()
        assert hof.role_de == "[gelöschter Kontakt] und Uwe Andersch, uwe@x.example"


def test_what_the_history_of_the_other_says_of_a_merge_that_was_undone_goes_too(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        other = add(
            session, given_name="Uwe", family_name="Andersch", email="uwe@x.example", note="Uwes Notiz"
        )
        person = add(session, note="Mag Holz")
        seen = {one.key: one.version for one in (other, person)}
        done = merge(session, other, person, seen, Choice({}, "Uwes Notiz. Mag Holz"), now, None)
        separate(session, done, now)
        session.flush()
        assert [one.state.value for one in (other, person)] == ["active", "active"]
        gone(session, person, tmp_path, now)
        assert (other.title("de"), other.note, other.email) == ("Uwe Andersch", "Uwes Notiz", "uwe@x.example")
        said = " ".join(f"{one.label} {one.changes} {one.reason}" for one in session.exec(select(AuditEntry)))
        assert "Holz" not in said
        assert "stenh" not in said
        assert "Uwes Notiz" in said


def test_a_namesake_a_colleague_and_a_functional_mailbox_lose_nothing(
    database: Database, now: datetime, tmp_path: Path, ben: Officer
) -> None:
    with database.write(now) as session:
        lab = Organisation(name="Hof", email="info@hof.example", role_de=f"Leitung: {NAME}")
        person, namesake = add(session, email="info@hof.example"), add(session, email="", note="Die andere")
        officer = session.get_one(Officer, ben.key)
        officer.email = "zentrale@amt.example"
        session.add_all([lab, ContactPoint(person_id=person.key, kind=PointKind.EMAIL, value="zentrale@amt.example"),
                         MailAddress(address="nele@werkhof.example", blocked_on=now.date())])  # fmt: skip
        person.email = "nele@werkhof.example"
        session.flush()
        person.email = "info@hof.example"
        session.flush()
        plan = plan_erasure(session, person, FileStore(tmp_path))
        assert [one.key for one in alike(session, plan)] == [namesake.key]
        assert plan.mentions.unsure == {("organisation", lab.key)}
        assert plan.hers.shared == {"info@hof.example", "zentrale@amt.example"}
        gone(session, person, tmp_path, now, keep=plan.mentions.unsure)
        assert (lab.email, lab.role_de) == ("info@hof.example", f"Leitung: {NAME}")
        assert (namesake.title("de"), namesake.note) == (NAME, "Die andere")
        assert officer.email == "zentrale@amt.example"
        assert history_of(session, "person", namesake.key)[0].label == NAME
        assert session.exec(select(MailAddress)).all() == [], "a former address is known no more"


def test_files_go_unless_something_else_needs_them_and_uploads_go_with_her(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    store = FileStore(tmp_path)
    with database.write(now) as session:
        person = add(session)
        own, shared = (store.put([word], 99).sha256 for word in (b"eigene", b"auch Nachweis"))
        upload, applied = (store.put([word.encode("cp1252")], 99).sha256
                           for word in ("Wüstenhöfer;Werkhof;Nele", f"FN:{NAME}"))  # fmt: skip
        mail = Interaction(kind=InteractionKind.MAIL, person_id=person.key, held_on=now.date(), written_at=now,
                           subject="Angebot", sender=NAME)  # fmt: skip
        proof = Evidence(name="Vertrag")
        session.add_all([mail, proof])
        session.flush()
        session.add_all([
            InteractionFile(interaction_id=mail.key, sha256=own, file_name="a.pdf", media_type="x", size=6),
            InteractionFile(interaction_id=mail.key, sha256=shared, file_name="b.pdf", media_type="x", size=6),
            EvidenceRevision(evidence_id=proof.key, number=1, kind=EvidenceKind.FILE, sha256=shared, added_at=now),
            ImportBatch(kind=ImportKind.CONTACTS, sha256=upload, file_name="liste.csv", uploaded_at=now),
            ImportBatch(kind=ImportKind.CONTACTS, sha256=applied, file_name="karten.vcf", uploaded_at=now,
                        state=BatchState.APPLIED),
        ])  # fmt: skip
        session.flush()
        kept = session.exec(select(ImportBatch).where(ImportBatch.sha256 == applied)).one()
        session.add(ImportChange(batch_id=kept.key, row_number=1, subject_kind="person", subject_id=person.key,
                                 before={"note": "alt"}, after={"given_name": "Nele"}))  # fmt: skip
        erased = gone(session, person, tmp_path, now)
        assert set(erased.files) == {own, upload, applied}
        assert [batch.sha256 for batch in session.exec(select(ImportBatch))] == [applied]
        assert session.exec(select(ImportChange)).all() == [], "taking the import back brings nobody back"
        assert (mail.sender, mail.subject) == ("", "Kontakt, gelöscht am 23.11.2026")


def test_nothing_comes_back_to_life(database: Database, now: datetime, today: date, tmp_path: Path) -> None:
    with database.write(now) as session:
        person = add(session)
        call = Interaction(kind=InteractionKind.CALL, person_id=person.key, held_on=today, written_at=now)
        other = Interaction(kind=InteractionKind.CALL, held_on=today, written_at=now, body="Frei")
        session.add_all([call, other])
        session.flush()
        gone(session, person, tmp_path, now)
        session.commit()
        key, call_id, other_id = person.key, call.key, other.key

    def attempts(session: Session) -> list[object]:
        found = session.get_one(Person, key)
        return [
            lambda: setattr(found, "family_name", "Wüstenhöfer"),
            lambda: setattr(found, "state", PersonState.ACTIVE),
            lambda: session.add(ContactPoint(person_id=key, kind=PointKind.WEB, value="x")),
            lambda: session.add(FollowUp(kind=FollowUpKind.TASK, subject_kind="person", subject_id=key, what="x",
                                         due_on=today)),
            lambda: setattr(session.get_one(Interaction, call_id), "body", "Nele sagte"),
            lambda: setattr(session.get_one(Interaction, other_id), "person_id", key),
        ]  # fmt: skip

    for number in range(6):
        with database.write(now + timedelta(days=1)) as session:
            attempts(session)[number]()  # type: ignore[operator]
            with pytest.raises(OutdatedError):
                session.flush()
    with database.write(now) as session:
        with pytest.raises(OutdatedError):
            gone(session, session.get_one(Person, key), tmp_path, now)
        session.get_one(Interaction, other_id).body = "Geht noch"
        session.flush()
        assert not [
            entry for entry in session.exec(select(AuditEntry)) if "stenh" in f"{entry.label}{entry.changes}"
        ]
