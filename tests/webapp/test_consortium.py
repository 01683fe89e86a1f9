"""The consortium and the declarations: facts entered once turn the two conditions on every page."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.application.consortium import ConsortiumRole, Partner, consortium_condition, move_up
from models.application.declarations import Declaration, DeclarationKind
from models.application.phases import Phase, the_application
from models.audit import history_of
from models.commitments.checklist import item_of_code
from models.commitments.proofs import CommitmentProof, proofs_of
from models.contacts.organisations import Organisation, OrganisationKind
from models.contacts.people import Person
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, revisions
from models.files import FileStore
from models.officers import Officer
from models.sign_in import start_session
from settings import Settings
from tests.judge import JudgingClient
from webapp import create_app
from webapp.access import COOKIE

PDF = b"%PDF-1.7\nunterschrieben"
NEW = "/beitritt/erklaerungen/neu"
NEW_PARTNER = "/beitritt/buendnis/partner/neu"


def role_keys(database: Database, now: datetime) -> dict[str, int]:
    with database.read(now) as session:
        return {role.code: role.key for role in session.exec(select(ConsortiumRole))}


def add_partner(client: JudgingClient, name: str, role: int, **typed: str) -> str:
    """The address of the new partner's page."""
    response = client.post(NEW_PARTNER, data={"new_organisation": name, "role_id": str(role), **typed})
    assert response.status_code == 303, response.text
    return str(response.headers["Location"])


def declare(client: JudgingClient, **typed: object) -> str:
    """The address of the new declaration's page."""
    response = client.post(NEW, data={"kind": "wish", "declared_on": "20.11.2026", **typed})
    assert response.status_code == 303, response.text
    return str(response.headers["Location"])


def scan(content: bytes = PDF, name: str = "scan.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def places_of(database: Database, now: datetime, code: str) -> list[str]:
    """The pages on which the condition with this key must be seen."""
    with database.read(now) as session:
        phase = session.exec(select(Phase).where(Phase.code == code)).one()
        item = item_of_code(session, code)
        assert item is not None
        return ["/", "/beitritt", "/worum-geht-es", f"/beitritt/phasen/{phase.key}", f"/zusagen/{item.key}"]


def test_from_an_empty_consortium_to_a_met_condition_and_back_on_every_page(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    wish, consortium = (
        places_of(database, now, "actors_wish"), places_of(database, now, "consortium"),
    )  # fmt: skip
    declare(client, new_organisation="Makerspace Nord")
    declare(client, new_organisation="FabLab Süd")
    for place in wish:
        assert "2 von 2" in client.get(place).text, place
    roles = role_keys(database, now)
    empty = client.get("/beitritt/buendnis").text
    assert "Im Bündnis ist noch niemand." in empty
    assert "Es fehlt: Stadtgesellschaft, Lab oder Maker, Stadt." in empty
    assert "willkommen, nicht nötig" in empty  # the university
    with database.read(now) as session:
        lab = session.exec(select(Organisation).where(Organisation.name == "Makerspace Nord")).one().key
    typed = {"organisation_id": str(lab), "role_id": str(roles["lab"]), "joined_on": "1.11.2026"}
    lab_page = client.post(NEW_PARTNER, data=typed).headers["Location"]
    add_partner(client, "Offene Werkstatt e. V.", roles["community"], legal_form="e. V.")
    for place in [*consortium, lab_page]:
        page = client.get(place).text
        assert "2 von 3 Partnern" in page, place
        assert place == "/worum-geht-es" or "Es fehlt: Stadt." in page, place
    last = add_partner(client, "Referat Digitale Stadt", roles["city"])
    everywhere = [*consortium, "/beitritt/buendnis", lab_page, f"/organisationen/{lab}", last]
    for place in everywhere:
        page = client.get(place).text
        assert "3 von 3 Partnern" in page, place
        assert "Es fehlt: Stadt." not in page, place
    with database.read(now) as session:
        assert consortium_condition(session, now.date()).is_met
        kinds = {row.name: row.kind for row in session.exec(select(Organisation))}
    assert kinds["Offene Werkstatt e. V."] is OrganisationKind.ASSOCIATION
    assert kinds["Referat Digitale Stadt"] is OrganisationKind.CITY_OFFICE

    gone = {"left_on": "23.11.2026", "reason": "andere Aufgaben", "version": "1"}
    assert client.post(f"{lab_page}/ausscheiden", data=gone).status_code == 303
    for place in everywhere:
        page = client.get(place).text
        assert "2 von 3 Partnern" in page, place
        assert place == "/worum-geht-es" or "Es fehlt: Lab oder Maker." in page, place
    assert "ausgeschieden am 23.11.2026" in client.get("/beitritt/buendnis").text
    assert "andere Aufgaben" in client.get(f"{lab_page}/verlauf").text
    again = {"role_id": str(roles["lab"]), "joined_on": "1.11.2026", "left_on": "", "version": "2"}
    assert client.post(f"{lab_page}/bearbeiten", data=again).status_code == 303
    assert "3 von 3 Partnern" in client.get("/").text


def test_an_organisation_in_two_roles_is_one_partner_and_fills_both(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    roles = role_keys(database, now)
    add_partner(client, "Verein", roles["community"])
    with database.read(now) as session:
        key = session.exec(select(Partner.organisation_id)).one()
    both = {"organisation_id": str(key), "role_id": str(roles["lab"])}
    assert client.post(NEW_PARTNER, data=both).status_code == 303
    refused = client.post(NEW_PARTNER, data={**both, "note": "bleibt stehen"})
    assert refused.status_code == 422
    assert "ist in dieser Rolle schon im Bündnis" in refused.text
    assert "bleibt stehen" in refused.text
    with database.read(now) as session:
        found = consortium_condition(session, now.date())
    assert (found.have, [filled.role.code for filled in found.missing_roles]) == (1, ["city"])
    assert found.missing_others == 1  # three are needed, the city would be the second


@pytest.mark.parametrize(
    "typed",
    [
        {"new_organisation": "Verein"},
        {"role_id": "1"},
        {"new_organisation": "Verein", "role_id": "999"},
        {"new_organisation": "Verein", "role_id": "x"},
        {"new_organisation": "Fab  FOUNDATION", "role_id": "1"},
        {"new_organisation": "Verein", "organisation_id": "1", "role_id": "1"},
        {"new_organisation": "Verein", "role_id": "1", "joined_on": "31.2.2026"},
    ],
)
def test_a_partner_with_a_fault_is_not_entered(
    client: JudgingClient, database: Database, now: datetime, typed: dict[str, str]
) -> None:
    response = client.post(NEW_PARTNER, data={"note": "bleibt stehen", **typed})
    assert response.status_code == 422
    assert "bleibt stehen" in response.text
    with database.read(now) as session:
        assert session.exec(select(Partner)).all() == []
        assert session.exec(select(Organisation).where(Organisation.name == "Verein")).all() == []


def test_a_partner_says_what_is_missing_until_it_is_there(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    address = add_partner(client, "Hochschule", role_keys(database, now)["university"])
    assert "Es fehlt: Ansprechperson, Erklärung zum Bündnis." in client.get(address).text
    with database.write(now) as session:
        key = session.exec(select(Partner.organisation_id)).one()
        own = Person(given_name="Eva", family_name="Eigen", organisation_id=key)
        other = Person(given_name="Otto", family_name="Anders")
        session.add_all([own, other])
        session.commit()
        chosen, foreign = own.key, other.key
    form = client.get(f"{address}/bearbeiten").text
    assert "Eva Eigen" in form
    assert "Otto Anders" not in form
    role = str(role_keys(database, now)["university"])
    typed = {"role_id": role, "legal_form": "Körperschaft", "version": "1"}
    foreign_chosen = {**typed, "person_id": str(foreign)}
    assert client.post(f"{address}/bearbeiten", data=foreign_chosen).status_code == 422
    assert client.post(f"{address}/bearbeiten", data={**typed, "person_id": str(chosen)}).status_code == 303
    declare(client, organisation_id=str(key))  # its wish that the city joins is not its word to take part
    assert "Es fehlt: Erklärung zum Bündnis." in client.get(address).text
    assert "Erklärung liegt vor" not in client.get("/beitritt/pruefung").text
    declare(client, organisation_id=str(key), kind="consortium")
    assert "Erklärung liegt vor" in client.get("/beitritt/pruefung").text
    assert "Es fehlt: unterschriebene Erklärung." in client.get(address).text
    declare(client, organisation_id=str(key), kind="consortium", file=scan())
    for page in (client.get(address).text, client.get(f"/organisationen/{key}").text):
        assert "Es fehlt: unterschriebene" not in page
        assert f"organisation={key}" in page  # the form on paper, with the name on it
        assert "sprache=en" in page
    table = client.get("/beitritt/buendnis.csv").data.decode("utf-8-sig")
    assert "Hochschule;Hochschule;Eva Eigen" in table
    assert "Körperschaft" in table
    assert "buendnis/partner" in client.get(f"/organisationen/{key}").text
    client.post(f"/organisationen/{key}/loeschen")
    held = client.get(f"/organisationen/{key}/loeschen").text
    assert "Partner im Bündnis: 1" in held
    assert client.get(f"/organisationen/{key}").status_code == 200
    assert "Partner im Bündnis: Hochschule" in client.get(f"{address}/loeschen").text
    assert client.post(f"{address}/loeschen").status_code == 303
    assert client.get(address).status_code == 404
    assert "Partner im Bündnis: Hochschule" in client.get("/").text  # among the last changes
    assert client.get(f"/organisationen/{key}").status_code == 200


def test_nobody_leaves_before_joining_and_who_saves_second_is_told(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    role = role_keys(database, now)["lab"]
    address = add_partner(client, "Lab", role, joined_on="1.11.2026")
    for form in ("ausscheiden", "bearbeiten"):
        typed = {"role_id": str(role), "joined_on": "1.11.2026", "left_on": "1.10.2026", "version": "1"}
        refused = client.post(f"{address}/{form}", data=typed)
        assert refused.status_code == 422
        assert "vor dem Tag des Eintritts" in refused.text
    first = {"role_id": str(role), "joined_on": "1.11.2026", "note": "erste", "version": "1"}
    assert client.post(f"{address}/bearbeiten", data=first).status_code == 303
    second = client.post(f"{address}/bearbeiten", data={**first, "note": "zweite"})
    assert second.status_code == 409
    assert "zweite" in second.text


def test_a_signed_scan_is_proof_of_the_item_and_a_newer_one_its_next_revision(
    client: JudgingClient, database: Database, now: datetime, anna: Officer, settings: Settings
) -> None:
    address = declare(
        client, new_organisation="Makerspace Nord", file=scan(name="../../x.pdf"), valid_until="31.12.2027"
    )
    with database.read(now) as session:
        item = item_of_code(session, "actors_wish")
        assert item is not None
        ((evidence, revision),) = proofs_of(session, item.key)
        assert (evidence.name, evidence.owner_id) == ("Erklärung Makerspace Nord", anna.key)
        assert (revision.kind, revision.file_name, revision.number) == (EvidenceKind.FILE, "x.pdf", 1)
        assert str(revision.valid_until) == "2027-12-31"
        assert str(revision.dated_on) == "2026-11-20"
        assert session.exec(select(Declaration.evidence_id)).one() == evidence.key
        assert b"".join(FileStore(settings.files_dir).chunks(revision.sha256)) == PDF
    assert "gültig bis 31.12.2027" in client.get(address).text
    newer = {"file": scan(PDF + b" neu"), "dated_on": "23.11.2026", "valid_until": "31.12.2029"}
    assert client.post(f"{address}/nachweis", data=newer).status_code == 303
    with database.read(now) as session:
        kept = revisions(session, evidence.key)
        assert [(one.number, one.replaced_at is None) for one in kept] == [(2, True), (1, False)]
        assert len(session.exec(select(CommitmentProof)).all()) == 1
    assert "gültig bis 31.12.2029" in client.get("/beitritt").text
    # Without a newer paper only the last day is corrected.
    assert client.post(f"{address}/nachweis", data={"valid_until": "1.2.2028"}).status_code == 303
    with database.read(now) as session:
        current = revisions(session, evidence.key)[0]
        assert (current.number, str(current.valid_until)) == (2, "2028-02-01")
        changes = [entry.changes for entry in history_of(session, "evidence_revision", current.key)]
        assert any("valid_until" in change for change in changes)


def test_one_paper_for_both_kinds_proves_both_items_until_it_is_withdrawn_or_deleted(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    def proven() -> list[str]:
        with database.read(now) as session:
            items = [item_of_code(session, code) for code in ("actors_wish", "consortium")]
            return [item.code for item in items if item and proofs_of(session, item.key)]

    declare(client, new_organisation="Makerspace Nord", kind="both")
    with database.read(now) as session:
        rows = {row.kind: row for row in session.exec(select(Declaration))}
    assert set(rows) == set(DeclarationKind)
    assert proven() == []
    wish, taking_part = (
        f"/beitritt/erklaerungen/{rows[kind].key}" for kind in (DeclarationKind.WISH, DeclarationKind.CONSORTIUM)
    )  # fmt: skip
    assert client.post(f"{wish}/nachweis", data={"file": scan()}).status_code == 303  # once for both
    assert proven() == ["actors_wish", "consortium"]
    typed = {
        "organisation_id": str(rows[DeclarationKind.WISH].organisation_id),
        "kind": "wish",
        "declared_on": "20.11.2026",
        "withdrawn_on": "23.11.2026",
        "version": "1",
    }
    assert client.post(f"{wish}/bearbeiten", data=typed).status_code == 303
    assert proven() == ["consortium"]
    assert (
        client.post(f"{wish}/bearbeiten", data={**typed, "withdrawn_on": "", "version": "2"}).status_code
        == 303
    )
    assert proven() == ["actors_wish", "consortium"]
    assert client.post(f"{taking_part}/loeschen").status_code == 303
    assert proven() == ["actors_wish"]
    with database.read(now) as session:
        assert len(session.exec(select(Evidence)).all()) == 1  # nothing is lost
        assert len(session.exec(select(CommitmentProof)).all()) == 3


def client_on(moment: datetime, settings: Settings, database: Database, anna: Officer) -> JudgingClient:
    """Anna's client at another moment."""
    app = create_app(settings, clock=lambda: moment, db=database)
    app.test_client_class = JudgingClient
    with database.write(moment) as session:
        secret = start_session(session, anna, moment)
        session.commit()
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    assert isinstance(client, JudgingClient)
    return client


def test_an_expired_declaration_counts_no_longer(
    client: JudgingClient, database: Database, settings: Settings, anna: Officer, now: datetime
) -> None:
    first = declare(
        client, new_organisation="Makerspace Nord", proof_text="Ordner 3, Blatt 7", valid_until="23.11.2026"
    )
    declare(client, new_organisation="FabLab Süd", proof_url="https://e-akte.example/7")
    role = role_keys(database, now)["lab"]
    with database.read(now) as session:
        lab = session.exec(select(Organisation).where(Organisation.name == "Makerspace Nord")).one().key
        kinds = {one.kind for row in session.exec(select(Evidence)) for one in revisions(session, row.key)}
    assert kinds == {EvidenceKind.NOTE, EvidenceKind.LINK}
    partner = client.post(NEW_PARTNER, data={"organisation_id": str(lab), "role_id": str(role)}).headers[
        "Location"
    ]
    declare(
        client, organisation_id=str(lab), kind="consortium", proof_text="ebenda", valid_until="23.11.2026"
    )
    assert "2 von 2" in client.get("/").text

    tomorrow = client_on(datetime(2026, 11, 24, 7, tzinfo=UTC), settings, database, anna)
    for place in (*places_of(database, now, "actors_wish"), first):
        assert "1 von 2" in tomorrow.get(place).text, place
    for place in ("/beitritt", first, partner, "/beitritt/buendnis"):
        assert "abgelaufen am 23.11.2026" in tomorrow.get(place).text, place
    assert "Es fehlt: Ansprechperson, gültige Erklärung." in tomorrow.get(partner).text
    prolonged = {"proof_text": "Ordner 4", "dated_on": "24.11.2026", "valid_until": "31.12.2027"}
    assert tomorrow.post(f"{first}/nachweis", data=prolonged).status_code == 303
    assert "2 von 2" in tomorrow.get("/").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"file": (b"MZ\x90\x00 program", "scan.pdf")}, "Inhalt"),
        ({"file": (PDF, "scan.exe")}, "Nur diese Dateien"),
        ({"file": (b"", "scan.pdf")}, "leer"),
        ({"valid_until": "31.12.2027"}, "gehört zu einer unterschriebenen Erklärung"),
        ({"proof_text": "Ordner", "valid_until": "1.1.2026"}, "vor der Erklärung"),
        ({"proof_text": "Ordner", "proof_url": "https://e-akte.example"}, "nur eines davon"),
        ({"proof_url": "javascript:alert(1)"}, "Webadresse"),
        ({"file": (PDF, "scan.pdf"), "declared_on": "24.11.2026"}, "Datei noch einmal"),
        ({"kind": "other"}, "Problem"),
    ],
)
def test_a_bad_paper_is_refused_and_nothing_is_half_saved(
    client: JudgingClient,
    database: Database,
    now: datetime,
    settings: Settings,
    typed: dict[str, object],
    said: str,
) -> None:
    if "file" in typed:
        content, name = typed["file"]  # type: ignore[misc]
        typed = {**typed, "file": scan(content, name)}
    base = {"kind": "wish", "declared_on": "20.11.2026", "new_organisation": "Lab", "note": "bleibt stehen"}
    response = client.post(NEW, data={**base, **typed})
    assert response.status_code == 422
    assert said in response.text
    assert "bleibt stehen" in response.text
    with database.read(now) as session:
        for table in (Declaration, Evidence):
            assert session.exec(select(table)).all() == [], table
        assert session.exec(select(Organisation).where(Organisation.name == "Lab")).all() == []
    kept = [path for path in Path(settings.files_dir).rglob("*") if path.is_file()]
    assert kept == []


def test_a_paper_that_comes_later_must_be_one(client: JudgingClient) -> None:
    address = declare(client, new_organisation="Lab")
    assert "Das unterschriebene Papier fehlt" in client.get(address).text
    refused = client.post(f"{address}/nachweis", data={"valid_until": "1.1.2028"})
    assert refused.status_code == 422
    assert "wählen Sie eine Datei" in refused.text
    refused = client.post(f"{address}/nachweis", data={"file": scan(b"MZ", "scan.pdf")})
    assert refused.status_code == 422


def test_roles_and_numbers_are_set_in_the_browser(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = client.get("/beitritt/buendnis/rollen").text
    assert "Join as a Fab City member" in page  # where the number comes from
    assert "VII-A-00726-VSP-01" in page
    roles = role_keys(database, now)
    typed = {"label_de": "Wirtschaft", "needed": "2", "source_de": "Beschluss des Beirats"}
    assert client.post("/beitritt/buendnis/rollen/neu", data={**typed, "needed": "-1"}).status_code == 422
    assert client.post("/beitritt/buendnis/rollen/neu", data={**typed, "label_de": ""}).status_code == 422
    assert client.post("/beitritt/buendnis/rollen/neu", data=typed).status_code == 303
    assert "Wirtschaft (2)" in client.get("/").text
    edited = {"label_de": "Hochschule", "needed": "1", "version": "1"}
    assert (
        client.post(f"/beitritt/buendnis/rollen/{roles['university']}/bearbeiten", data=edited).status_code
        == 303
    )
    assert "Stadt, Hochschule, Wirtschaft (2)." in client.get("/").text
    client.post(f"/beitritt/buendnis/rollen/{roles['university']}/nach-oben")
    assert "Hochschule, Stadt, Wirtschaft (2)." in client.get("/").text
    add_partner(client, "Uni", roles["university"])
    held = client.get(f"/beitritt/buendnis/rollen/{roles['university']}/loeschen").text
    assert "Partner im Bündnis: 1" in held
    client.post(f"/beitritt/buendnis/rollen/{roles['university']}/loeschen")
    new = role_keys(database, now)
    assert "university" in new
    (own,) = set(new) - set(roles)
    assert client.post(f"/beitritt/buendnis/rollen/{new[own]}/loeschen").status_code == 303
    assert own not in role_keys(database, now)
    with database.read(now) as session:
        version = the_application(session).version
    numbers = {
        "actors_needed": "1",
        "partners_needed": "1",
        "reason": "neues Handbuch",
        "version": str(version),
    }
    assert client.post("/beitritt/buendnis/zahlen", data={**numbers, "actors_needed": "0"}).status_code == 422
    assert client.post("/beitritt/buendnis/zahlen", data=numbers).status_code == 303
    assert "1 von 1 Partnern" in client.get("/").text
    assert "0 von 1" in client.get("/beitritt").text
    assert "neues Handbuch" in client.get("/beitritt/verlauf").text


def test_the_first_role_stays_first(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        first = session.exec(select(ConsortiumRole).where(ConsortiumRole.code == "community")).one()
        move_up(session, first)
        codes = [one.role.code for one in consortium_condition(session, now.date()).roles]
    assert codes == ["community", "lab", "city", "university"]


def test_the_form_of_the_consortium_is_chosen_once_and_shown_at_its_item(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    with database.read(now) as session:
        item = item_of_code(session, "legal_form")
        assert item is not None
        version = the_application(session).version
    assert "noch nicht entschieden" in client.get(f"/zusagen/{item.key}").text
    assert f"/zusagen/{item.key}" in client.get("/beitritt/buendnis").text
    typed = {"consortium_form": "association", "version": str(version)}
    assert client.post("/beitritt/buendnis/form", data={**typed, "consortium_form": "x"}).status_code == 422
    assert client.post("/beitritt/buendnis/form", data=typed).status_code == 303
    for place in ("/beitritt/buendnis", f"/zusagen/{item.key}"):
        assert "Verein." in client.get(place).text, place
