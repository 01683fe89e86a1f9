"""What an erasure, or an access, leaves alone: the data of somebody else."""

from datetime import datetime
from pathlib import Path

from sqlmodel import select

from models.audit import history_of
from models.contacts.duplicates.merging import Choice, merge
from models.contacts.duplicates.separating import separate
from models.contacts.interactions import Interaction, InteractionKind
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.points import ContactPoint, PointKind
from models.database import Database
from models.privacy.access import access
from models.privacy.access_json import access_json
from tests.models.privacy.test_erasing import add, gone


def test_who_was_merged_by_mistake_and_separated_keeps_and_is_told_the_own_data_alone(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        nele = add(session)
        uwe = add(session, given_name="Uwe", family_name="Kranich", email="uwe@hafen.example", phone="0431 2345678",
                  uid="urn:uuid:uwe-kranich", note="Segelt gern")  # fmt: skip
        session.add_all([
            ContactPoint(person_id=uwe.key, kind=PointKind.EMAIL, value="kranich@privat.example"),
            Interaction(kind=InteractionKind.CALL, person_id=uwe.key, held_on=now.date(), subject="Hafenfest",
                        body="Uwe Kranich kommt", written_at=now),
        ])  # fmt: skip
        session.flush()
        seen = {nele.key: nele.version, uwe.key: uwe.version}
        taken = dict.fromkeys(("given_name", "family_name", "email", "phone"), uwe.key)
        separate(session, merge(session, nele, uwe, seen, Choice(taken, uwe.note), now, None), now)
        session.flush()
        told = access_json(access(session, nele, "de"), now).decode()
        assert nele.email in told
        for word in ("Uwe", "Kranich", "uwe-kranich", "2345678", "privat.example", "Segelt", "Hafenfest"):
            assert word not in told, word
        gone(session, nele, tmp_path, now)
        session.expire_all()
        left = session.get_one(Person, uwe.key)
        assert (left.title("de"), left.email, left.phone, left.uid) == (
            "Uwe Kranich", "uwe@hafen.example", "0431 2345678", "urn:uuid:uwe-kranich",
        )  # fmt: skip
        assert session.exec(select(ContactPoint.value)).all() == ["kranich@privat.example"]
        assert session.exec(select(Interaction.body)).all() == ["Uwe Kranich kommt"]


def test_what_others_use_too_stays_theirs_and_their_longer_name_as_well(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        nele = add(session, email="buero@werkhof.example", phone="0341 223344")
        other = add(session, family_name="Wüstenhöfer-Kranich", email="kranich@werkhof.example")
        session.add_all([
            ContactPoint(person_id=other.key, kind=PointKind.EMAIL, value="Buero@werkhof.example"),
            ContactPoint(person_id=other.key, kind=PointKind.PHONE, value="+49 341 22 33 44"),
        ])  # fmt: skip
        session.flush()
        gone(session, nele, tmp_path, now)
        session.expire_all()
        assert set(session.exec(select(ContactPoint.value))) == {"Buero@werkhof.example", "+49 341 22 33 44"}
        assert {entry.label for entry in history_of(session, "person", other.key)} == {
            "Nele Wüstenhöfer-Kranich"
        }


def test_the_words_of_the_mark_may_be_a_name_too(database: Database, now: datetime, tmp_path: Path) -> None:
    with database.write(now) as session:
        lab = Organisation(name="Hof", role_de="Gelöschter Kontakt")
        session.add(lab)
        gone(session, add(session, given_name="Gelöschter", family_name="Kontakt"), tmp_path, now)
        assert lab.role_de.strip("[]") == "gelöschter Kontakt"


def test_a_name_in_one_field_is_one_and_that_of_an_office_is_none(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    with database.write(now) as session:
        lab = Organisation(name="Fab Lab Hof", role_de="Fab Lab, Carla Krause")
        session.add(lab)
        office = add(session, given_name="", family_name="Fab Lab", email="")
        gone(session, office, tmp_path, now)
        assert (lab.name, lab.role_de) == ("Fab Lab Hof", "Fab Lab, Carla Krause")
        gone(session, add(session, given_name="", family_name="Carla Krause", email=""), tmp_path, now)
        assert lab.role_de == "Fab Lab, [gelöschter Kontakt]"
