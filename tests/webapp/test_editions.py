"""Editions in the browser: made, changed, carried over, put in force; the old one stays readable."""

import io
import re
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from models.catalogue.reading import FOLDER
from models.commitments.checklist import Commitment, CommitmentState, commitments, item_of_code
from models.commitments.editions import EditionState, HandbookEdition, editions, the_edition
from models.commitments.principles import principles
from models.commitments.proofs import link, proofs_of
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, add_revision
from models.followups import FollowUp, FollowUpKind, follow_ups_of
from models.officers import Officer
from tests.judge import JudgingClient

STARTER = (FOLDER / "editions" / "fab-city-2026.yaml").read_text(encoding="utf-8")
FACTS = {"name": "Handbuch 2027", "as_of": "3/2027", "source": "Handbuch des Netzwerks"}


def upload(client: JudgingClient, text: str) -> object:
    data = {"file": (io.BytesIO(text.encode()), "ausgabe.yaml")}
    return client.post("/zusagen/ausgaben/neu/datei", data=data, content_type="multipart/form-data")


def key_of(database: Database, now: datetime, code: str) -> int:
    with database.read(now) as session:
        item = item_of_code(session, code)
        assert item is not None
        return item.key


def test_a_second_edition_goes_its_whole_way(
    client: JudgingClient, database: Database, now: datetime, anna: Officer
) -> None:
    wish, understand, declaration = (
        key_of(database, now, c) for c in ("actors_wish", "understand", "declaration")
    )
    yesterday = now - timedelta(days=1)
    with database.write(now, anna.key) as session:
        for key in (wish, understand):
            item = session.get_one(Commitment, key)
            item.state, item.due_on = CommitmentState.FULFILLED, date(2027, 5, 3)
            evidence = Evidence(name=f"Vermerk {key}")
            session.add(evidence)
            session.flush()
            revision = EvidenceRevision(
                evidence_id=0, kind=EvidenceKind.NOTE, content="x", added_at=yesterday
            )
            add_revision(session, evidence, revision)
            link(session, key, evidence.key, yesterday, anna.key)
        session.get_one(Commitment, declaration).note = "liegt beim Dezernat"
        session.add(FollowUp(kind=FollowUpKind.TASK, subject_kind="commitment", subject_id=wish, what="Nachfragen",
                             due_on=date(2026, 12, 1)))  # fmt: skip
        session.commit()

    # A copy of the edition in force, changed in the browser.
    made = client.post("/zusagen/ausgaben/neu/kopie", data=FACTS)
    assert made.status_code == 303
    address = made.headers["Location"]
    page = client.get(address).text
    assert "Entwurf" in page
    assert "März 2027" in page
    assert "0 von 23 bearbeitet" not in page
    with database.read(now) as session:
        draft = session.exec(select(HandbookEdition).where(HandbookEdition.state == EditionState.DRAFT)).one()
        new = {item.code: item.key for item in commitments(session, edition=draft)}
        version = session.get_one(Commitment, new["actors_wish"]).version
    words = {"label_de": "Mindestens drei Akteure erklären ihren Wunsch", "wanted_de": "Drei Erklärungen",
             "who": "labs", "timing": "before", "origin": "handbook", "certainty": "high",
             "version": str(version)}  # fmt: skip
    assert client.post(f"{address}/zusagen/{new['actors_wish']}/bearbeiten", data=words).status_code == 303
    assert client.post(f"{address}/zusagen/{new['declaration']}/loeschen").status_code == 303
    assert (
        client.post(f"{address}/zusage-neu", data={**words, "label_de": "Quartalszahlen"}).status_code == 303
    )
    assert client.post(f"{address}/zusagen/{new['understand']}/hoch").status_code == 303
    assert "Quartalszahlen" in client.get(address).text
    assert (
        client.get("/zusagen").text.count("Mindestens drei Akteure") == 0
    )  # nothing changed for the commitments

    unsaid = client.post(
        f"{address}/zusage-neu", data={"label_de": "Woher?", "who": "city", "timing": "before"}
    )
    assert unsaid.status_code == 422  # origin and certainty are said by a person
    assert "Woher?" in unsaid.text

    # What is missing is said, and nothing can be put in force.
    page = client.get(f"{address}/uebernahme").text
    assert "Über 3 Antworten ist noch zu entscheiden" in page
    assert page.count("checked") == 0
    assert "Über 3 Antworten" in client.get(f"{address}/gilt").text
    client.post(f"{address}/gilt", data={"with_follow_ups": "y"})
    with database.read(now) as session:
        assert the_edition(session).code == "fab-city-2026"

    # The one with the same words is ticked; one that cannot be ticked is not taken by force.
    client.post(f"{address}/uebernahme", data={"antwort": [str(understand), str(wish)]})
    assert "Über 2 Antworten" in client.get(f"{address}/uebernahme").text
    page = client.get(f"{address}/uebernahme/{wish}").text
    for part in ("<del>", "<ins>", "weggefallen:", "hinzugekommen:", "Vermerk", "Nachfragen"):
        assert part in page
    assert re.search(r'type="radio"[^>]*checked', page) is None
    for typed in (
        {},
        {"decision": "confirmed", "to_id": ""},
        {"decision": "refused", "to_id": "", "reason": " "},
    ):
        assert client.post(f"{address}/uebernahme/{wish}", data=typed).status_code == 422
    kept = client.post(f"{address}/uebernahme/{wish}", data={"reason": "Mühe gegeben"})
    assert "Mühe gegeben" in kept.text
    chosen = {"decision": "confirmed", "to_id": str(new["actors_wish"])}
    assert client.post(f"{address}/uebernahme/{wish}", data=chosen).status_code == 303
    twice = client.post(f"{address}/uebernahme/{declaration}", data=chosen)
    assert twice.status_code == 422
    assert "bekommt schon eine andere Antwort" in twice.text
    refused = {"decision": "refused", "reason": "steht nicht mehr in der Liste"}
    assert client.post(f"{address}/uebernahme/{declaration}", data=refused).status_code == 303
    client.post(f"{address}/uebernahme/{understand}/zurueck")
    assert "Über eine Antwort" in client.get(f"{address}/uebernahme").text
    client.post(f"{address}/uebernahme", data={"antwort": str(understand)})
    assert "Über jede Antwort ist entschieden" in client.get(f"{address}/uebernahme").text

    assert (
        client.post(f"{address}/gilt", data={"with_follow_ups": "y", "with_comments": "y"}).status_code == 303
    )
    page = client.get("/zusagen").text
    assert "2 von 23 bearbeitet, 2 erfüllt mit Nachweis" in page
    assert "Mindestens drei Akteure" in page
    assert client.get(f"{address}/bearbeiten").status_code == 404  # no draft any more
    with database.read(now) as session:
        found = item_of_code(session, "actors_wish")
        assert found is not None
        assert (found.state, found.due_on) == (CommitmentState.FULFILLED, date(2027, 5, 3))
        assert [e.name for e, _ in proofs_of(session, found.key)] == [f"Vermerk {wish}"]
        assert [f.what for f in follow_ups_of(session, "commitment", found.key)] == ["Nachfragen"]
        old = next(e for e in editions(session) if e.code == "fab-city-2026")

    # The old one stays readable, and is not edited.
    page = client.get(f"/zusagen/ausgaben/{old.key}").text
    assert "abgelöst" in page
    assert "2 von 23 bearbeitet, 2 erfüllt mit Nachweis" in page
    shown = client.get(f"/zusagen/{wish}", follow_redirects=True).text
    for part in ("Vermerk", "03.05.2027", "Daraus wurde", "Mindestens drei Akteure", "Anna Amt"):
        assert part in shown
    assert (
        "steht nicht mehr in der Liste" in client.get(f"/zusagen/{declaration}", follow_redirects=True).text
    )
    assert client.get(f"/zusagen/{wish}/bearbeiten").headers["Location"].endswith(f"/1/zusagen/{wish}")
    for action in ("bearbeiten", "geprueft", "nachweis", "loeschen"):
        kept = client.post(f"/zusagen/{wish}/{action}", data={"note": "lange überlegt"})
        assert kept.status_code == 409
        assert "lange überlegt" in kept.text  # a form that was open while the edition changed loses nothing
        assert f'href="/zusagen/{found.key}"' in kept.text
    assert client.get(f"/zusagen/{wish}/verlauf").status_code == 200
    assert "Neue Ausgabe: Handbuch 2027" in client.get(f"/zusagen/{found.key}/verlauf").text
    assert client.get("/zusagen/ausgaben").text.count("tasks__link") == 2

    # Nor is the proof deleted on which the old one rests.
    with database.read(now) as session:
        [(vermerk, _revision)] = proofs_of(session, found.key)
    assert "abgelöste Ausgabe der Liste" in client.get(f"/nachweise/{vermerk.key}/loeschen").text
    client.post(f"/nachweise/{vermerk.key}/loeschen")
    assert client.get(f"/nachweise/{vermerk.key}").status_code == 200

    # What lay here before the new edition was in force is found at the new item too, and each edition is named.
    asked = client.get(f"/nachweise/am?tag=22.11.2026&zusage={found.key}").text
    assert f"Vermerk {wish}" in asked
    assert "Fab City Network, Stand 22.11.2026" in asked
    rows = client.get("/nachweise/am.csv?tag=23.11.2026").data.decode("utf-8-sig").splitlines()
    assert sorted(row.rsplit(";", 1)[1] for row in rows[1:]) == [
        *["Fab City Network, Stand 22.11.2026"] * 2,
        *["Handbuch 2027"] * 2,
    ]


def test_an_edition_goes_out_as_yaml_and_comes_in_again(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    out = client.get("/zusagen/ausgaben/1.yaml")
    assert out.headers["Content-Disposition"].startswith("attachment")
    assert out.text == STARTER
    back = upload(client, out.text.replace("code: fab-city-2026", "code: fab-city-2027"))
    assert back.status_code == 303  # type: ignore[attr-defined]
    page = client.get(back.headers["Location"]).text  # type: ignore[attr-defined]
    assert "23 Zusagen wurden gelesen" in page
    assert "geändert" not in page
    changed = upload(client, out.text.replace("labs, makers", "labs and makers"))
    page = client.get(changed.headers["Location"]).text  # type: ignore[attr-defined]
    assert "Prüfsumme (content_hash) passt nicht mehr" in page
    assert "fab-city-2026-2" in page
    with database.read(now) as session:
        assert len(editions(session)) == 3
        assert len(commitments(session)) == 23
    draft = changed.headers["Location"]  # type: ignore[attr-defined]
    assert client.post(f"{draft}/loeschen").status_code == 303
    assert client.post("/zusagen/ausgaben/1/loeschen").status_code == 404


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
def test_a_file_with_faults_stores_nothing_and_names_them_all(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    bad = STARTER.replace("code: talk\n", "code: understand\n").replace("origin: members", "origin: rumour")
    refused = upload(client, bad.replace("- code: idea", "- code: idea\n  label_de: Zweite"))
    assert refused.status_code == 422  # type: ignore[attr-defined]
    for part in ("3 Fehler", "rumour", "understand", "steht hier zweimal", "Zeile "):
        assert part in refused.text  # type: ignore[attr-defined]
    bomb = "a: &a [x]\nb: [*a, *a]\n"
    assert "Anker" in upload(client, bomb).text  # type: ignore[attr-defined]
    assert upload(client, "").status_code == 422  # type: ignore[attr-defined]
    assert client.post("/zusagen/ausgaben/neu/datei").status_code == 422
    with database.read(now) as session:
        assert len(editions(session)) == 1


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
def test_new_phases_of_a_file_stand_under_joining(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    text = STARTER.replace("phases:\n", "phases:\n- code: review\n  label_de: Durchsicht\n  after: [idea]\n")
    page = client.get(
        upload(
            client,
            text.replace("fab-city-2026", "neu").replace(
                "network: Fab City Network", "network: Anderes Netz"
            ),
        ).headers["Location"]
    ).text  # type: ignore[attr-defined]
    assert "Durchsicht" in page
    assert "ist für „Anderes Netz“ gemeint" in page
    assert "Durchsicht" in client.get("/beitritt").text


@pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
def test_an_empty_draft_says_what_it_lacks(client: JudgingClient) -> None:
    assert client.post("/zusagen/ausgaben/neu/leer", data={"name": "x"}).status_code == 422
    address = client.post("/zusagen/ausgaben/neu/leer", data=FACTS).headers["Location"]
    assert "Es gibt noch keine Zusage" in client.get(address).text
    assert client.get(f"{address}/gilt").status_code == 302
    assert client.get(f"{address}/bearbeiten").status_code == 200
    changed = client.post(f"{address}/bearbeiten", data={**FACTS, "name": "Anders", "version": "1"})
    assert changed.status_code == 303
    assert "Anders" in client.get("/zusagen/ausgaben").text


def test_the_city_adds_principles_of_its_own(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    made = client.post("/zusagen/prinzipien/neu", data={"title_de": "Reparieren", "state": "open"})
    assert made.status_code == 303
    address = made.headers["Location"]
    assert "11. Reparieren" in client.get(address).text
    typed = {"title_de": "Reparieren statt wegwerfen", "state": "draft", "gap": "Zahlen", "version": "1"}
    assert client.post(f"{address}/bearbeiten", data=typed).status_code == 303
    assert "statt wegwerfen" in client.get("/zusagen").text
    assert client.post("/zusagen/prinzipien/1/loeschen").status_code == 404
    assert client.post(f"{address}/loeschen").status_code == 303
    with database.read(now) as session:
        assert len(principles(session)) == 10
