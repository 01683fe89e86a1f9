"""Phases as an officer works with them: closed, reopened, dated, arranged; the state of the whole; other networks."""

from datetime import date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from models.application.phases import Application, Phase, PhaseOrder, phases
from models.audit import history_of
from models.database import Database
from models.followups import FollowUp, FollowUpKind
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule
from models.reports.status_facts import status
from tests.judge import JudgingClient


def _keys(database: Database, now: datetime, application_id: int | None = None) -> dict[str, int]:
    with database.read(now) as session:
        return {phase.code: phase.key for phase in phases(session, application_id)}


def _phase(database: Database, now: datetime, key: int) -> Phase:
    with database.read(now) as session:
        return session.get_one(Phase, key)


def test_a_phase_waits_until_what_comes_before_is_closed_and_again_when_that_is_reopened(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    waiting, first = f"/beitritt/phasen/{keys['actors_wish']}", f"/beitritt/phasen/{keys['idea']}"
    assert "kann noch nicht beginnen" in client.get(waiting).text
    close = f"{first}/abschliessen"
    page = client.get(close).text
    assert "Das ist noch offen" in page
    assert "Vision, Manifest und Aufbau" in page  # what is unproven is named
    yes = {"finished": "yes", "closed_on": "23.11.2026", "version": "1"}
    assert client.post(close, data=yes).status_code == 422  # not confirmed
    assert client.post(close, data=yes | {"anyway": "y", "closed_on": "24.11.2026"}).status_code == 422
    assert client.post(close, data={"version": "1"}).status_code == 422
    assert client.post(close, data={"finished": "later", "version": "1"}).status_code == 303
    assert "kann noch nicht beginnen" in client.get(waiting).text
    assert client.post(close, data=yes | {"anyway": "y"}).status_code == 303
    assert "kann noch nicht beginnen" not in client.get(waiting).text
    version = str(_phase(database, now, keys["idea"]).version)
    reopen = f"{first}/oeffnen"
    assert client.post(reopen, data={"version": version}).status_code == 422  # no reason
    typed = {"reason": "Das Referat ist neu zugeschnitten", "version": version}
    assert client.post(reopen, data=typed).status_code == 303
    assert "kann noch nicht beginnen" in client.get(waiting).text
    history = client.get(f"{first}/verlauf").text
    assert "neu zugeschnitten" in history
    assert "obwohl noch etwas offen war" in history


def test_what_cannot_begin_is_no_link_and_says_why(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    page = client.get("/beitritt").text
    assert f'href="/beitritt/phasen/{keys["idea"]}"' in page
    assert f'href="/beitritt/phasen/{keys["announced"]}"' not in page
    assert "Zuerst: Zugesagt oder abgelehnt" in page
    assert f'href="/beitritt/phasen/{keys["announced"]}"' in client.get("/beitritt/phasen").text


def test_a_set_date_is_moved_only_with_a_reason_and_a_first_date_needs_none(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    key = _keys(database, now)["idea"]
    form = f"/beitritt/phasen/{key}/bearbeiten"
    assert client.post(form, data={"due_on": "1.3.2027", "version": "1"}).status_code == 303
    assert client.post(form, data={"due_on": "1.3.2027", "note": "x", "version": "2"}).status_code == 303
    for other in ("1.4.2027", ""):
        answer = client.post(form, data={"due_on": other, "note": "bleibt stehen", "version": "3"})
        assert answer.status_code == 422
        assert "bleibt stehen" in answer.text
    typed = {"due_on": "1.4.2027", "reason": "Der Ausschuss tagt später", "version": "3"}
    assert client.post(form, data=typed).status_code == 303
    with database.read(now) as session:
        entry = history_of(session, "phase", key)[0]
    assert (entry.reason, entry.changes["due_on"]) == (
        "Der Ausschuss tagt später",
        ["2027-03-01", "2027-04-01"],
    )


def test_a_date_that_does_not_fit_another_phase_is_refused_and_names_it(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)

    def date(code: str, day: str) -> object:
        version = str(_phase(database, now, keys[code]).version)
        data = {"due_on": day, "reason": "Versuch", "version": version}
        return client.post(f"/beitritt/phasen/{keys[code]}/bearbeiten", data=data)

    assert date("consortium", "1.6.2027").status_code == 303  # type: ignore[attr-defined]
    early = date("ecosystem_map", "1.5.2027")
    assert early.status_code == 422  # type: ignore[attr-defined]
    assert "„Bündnis“ kommt davor und ist erst am 01.06.2027 fällig" in early.text  # type: ignore[attr-defined]
    late = date("idea", "2.6.2027")  # not directly before: through the wish of the actors
    assert late.status_code == 422  # type: ignore[attr-defined]
    assert "„Bündnis“ kommt danach und ist schon am 01.06.2027 fällig" in late.text  # type: ignore[attr-defined]
    assert date("idea", "1.6.2027").status_code == 303  # type: ignore[attr-defined]


def test_phases_in_a_circle_are_refused_and_the_circle_is_named(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    form = f"/beitritt/phasen/{keys['idea']}/aufbau"
    typed = {
        "label_de": "Idee und Auftrag", "label_en": "Idea", "before": str(keys["consortium"]), "version": "1",
    }  # fmt: skip
    answer = client.post(form, data=typed)
    assert answer.status_code == 422
    way = "Idee und Auftrag → Beitrittswunsch der Akteure → Bündnis → Idee und Auftrag"
    assert way in answer.text
    with database.read(now) as session:
        assert session.exec(select(PhaseOrder).where(PhaseOrder.phase_id == keys["idea"])).all() == []
    itself = client.post(form, data=typed | {"before": str(keys["idea"])})
    assert itself.status_code == 422


def test_an_order_that_contradicts_the_dates_is_refused(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    for code, day in (("talks", "1.2.2027"), ("idea", "1.3.2027")):
        client.post(f"/beitritt/phasen/{keys[code]}/bearbeiten", data={"due_on": day, "version": "1"})
    typed = {"label_de": "Gespräche", "before": str(keys["idea"]), "version": "2"}
    answer = client.post(f"/beitritt/phasen/{keys['talks']}/aufbau", data=typed)
    assert answer.status_code == 422
    assert "01.03.2027" in answer.text


def test_a_phase_is_added_moved_renamed_and_deleted_and_no_way_is_lost(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    made = client.post(
        "/beitritt/phasen/neu", data={"label_de": "Probebetrieb", "before": str(keys["accepted"])}
    )
    assert made.status_code == 303
    with database.read(now) as session:
        new = session.exec(select(Phase).where(Phase.label_de == "Probebetrieb")).one()
    assert new.code.startswith("own-")
    client.post(f"/beitritt/phasen/{new.key}/hoch")
    assert [list(_keys(database, now)).index(code) for code in (new.code, "active")] == [10, 11]
    typed = {"label_de": "Erprobung", "before": str(keys["accepted"]), "version": "1"}
    client.post(f"/beitritt/phasen/{new.key}/aufbau", data=typed)
    assert "Erprobung" in client.get("/beitritt/phasen").text
    # accepted -> announced is replaced by accepted -> new -> announced, and comes back when the new one goes.
    version = str(_phase(database, now, keys["announced"]).version)
    shape = {"label_de": "Aufnahme", "before": str(new.key), "version": version}
    assert client.post(f"/beitritt/phasen/{keys['announced']}/aufbau", data=shape).status_code == 303
    assert client.post(f"/beitritt/phasen/{new.key}/loeschen").status_code == 303
    with database.read(now) as session:
        before = select(PhaseOrder.before_id).where(PhaseOrder.phase_id == keys["announced"])
        assert session.exec(before).all() == [keys["accepted"]]


def test_a_phase_with_items_is_not_deleted(client: JudgingClient, database: Database, now: datetime) -> None:
    key = _keys(database, now)["idea"]
    assert "3 Punkte gehören zu ihr" in client.post(f"/beitritt/phasen/{key}/loeschen").text
    assert _phase(database, now, key).key == key


def test_the_state_of_the_whole_changes_with_a_reason_and_can_be_left_again(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    form = "/beitritt/stand"
    assert (
        client.post(form, data={"state": "paused", "state_since": "23.11.2026", "version": "1"}).status_code
        == 422
    )
    steps = [
        ("paused", "1.11.2026", "Haushaltssperre"),
        ("preparing", "20.11.2026", "Sperre aufgehoben"),
        ("withdrawn", "23.11.2026", "Rat hat umentschieden"),
        ("member", "23.11.2026", "Irrtum"),
    ]
    for state, since, reason in steps:
        with database.read(now) as session:
            version = str(session.get_one(Application, 1).version)
        typed = {"state": state, "state_since": since, "reason": reason, "version": version}
        assert client.post(form, data=typed).status_code == 303
    page = client.get(form).text
    for _state, _since, reason in steps:
        assert reason in page
    assert page.index("Irrtum") < page.index("Haushaltssperre")  # the newest first
    assert "seit 01.11.2026" in page
    assert "Mitglied des Netzwerks, seit 23.11.2026" in " ".join(client.get("/beitritt").text.split())


def test_a_state_since_tomorrow_is_refused(client: JudgingClient) -> None:
    typed = {"state": "paused", "state_since": "24.11.2026", "reason": "x", "version": "1"}
    assert client.post("/beitritt/stand", data=typed).status_code == 422


def test_the_page_says_in_its_first_lines_what_is_missing_and_who_must_move(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    page = client.get("/beitritt").text
    top = page[page.index('id="am-zug"') : page.index('id="phasen"')]
    assert "2 Lab-Akteure müssen ihren Beitrittswunsch erklären; bisher: 0" in top
    assert "Fab Labs und Maker" in top
    assert "Zuständigkeit zwischen Referat" in top
    assert "Stadtverwaltung (Anna Amt)" in top  # the case lead, until somebody is responsible
    typed = {"kind": "waiting", "what": "Zuschnitt", "waiting_for": "Amt 80", "due_on": "4.12.2026"}
    client.post("/wiedervorlagen/neu/phase/1", data=typed)
    page = client.get("/beitritt").text
    assert "Amt 80: Zuschnitt" in page[page.index('id="am-zug"') : page.index('id="phasen"')]


@pytest.mark.parametrize("copied", [True, False])
def test_another_network_has_its_own_phases_and_changes_nothing_in_the_first(
    client: JudgingClient, database: Database, now: datetime, copied: bool
) -> None:
    first = _keys(database, now)
    typed = (
        {"network": "Covenant of Mayors", "with_phases": "y"} if copied else {"network": "Covenant of Mayors"}
    )
    assert client.post("/beitritt/netze/neu", data=typed).status_code == 303
    assert client.post("/beitritt/netze/neu", data=typed).status_code == 422  # the same name once more
    with database.read(now) as session:
        key = session.exec(select(Application.id).where(Application.network == "Covenant of Mayors")).one()
    own = _keys(database, now, key)
    assert list(own) == (list(first) if copied else [])
    assert set(own.values()).isdisjoint(first.values())
    assert _keys(database, now) == first
    page = client.get(f"/beitritt?netz={key}").text
    assert "Covenant of Mayors" in page
    assert "Beitrittswunsch erklären" not in page  # the resolution speaks of the first network only
    assert ("Dieser Beitritt hat noch keine Phasen" in page.split("Phasen</h2>")[0]) is not copied
    made = client.post(f"/beitritt/phasen/neu?netz={key}", data={"label_de": "Unterzeichnung"})
    assert made.headers["Location"].endswith(f"/beitritt/phasen?netz={key}")
    assert "Unterzeichnung" not in client.get("/beitritt/phasen").text
    client.post(
        f"/beitritt/stand?netz={key}",
        data={"state": "member", "state_since": "1.9.2026", "reason": "Beschluss 2019", "version": "1"},
    )
    assert "Mitglied des Netzwerks" in client.get(f"/beitritt?netz={key}").text
    assert "in Vorbereitung" in client.get("/beitritt").text
    assert client.get("/beitritt?netz=99").status_code == 404


def test_what_a_reminder_is_answered_with_keeps_to_the_order_of_the_phases_and_to_the_history(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    for code, day in (("idea", "1.3.2027"), ("actors_wish", "1.4.2027")):
        client.post(f"/beitritt/phasen/{keys[code]}/bearbeiten", data={"due_on": day, "version": "1"})
    with database.write(now) as session:
        rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-phase")).one()
        reminder = Reminder(
            rule_id=rule.key, subject_kind="phase", subject_id=keys["idea"], occurrence="2027-03-01", step="0",
            person_id=1, token="t" * 20, due_at=now, queued_at=now,
        )  # fmt: skip
        session.add(reminder)
        session.commit()
        page = f"/erinnerungen/{reminder.id}"
    late = client.post(page, data={"day": "2.4.2027", "version": "2027-03-01"})
    assert late.status_code == 422
    assert "kommt danach und ist schon am 01.04.2027 fällig" in late.text
    assert client.post(page, data={"day": "31.3.2027", "version": "2027-03-01"}).status_code == 303
    assert "Antwort auf eine Erinnerung" in client.get(f"/beitritt/phasen/{keys['idea']}/verlauf").text
    asked = client.post(f"{page}/erledigt")  # three items are open: the page asks instead of closing
    assert asked.headers["Location"] == f"/beitritt/phasen/{keys['idea']}/abschliessen"
    assert _phase(database, now, keys["idea"]).closed_on is None


def test_asking_whether_a_phase_is_to_be_deleted_writes_nothing(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    client.post("/beitritt/phasen/neu", data={"label_de": "Probebetrieb", "before": str(keys["accepted"])})
    probe = next(key for code, key in _keys(database, now).items() if code.startswith("own-"))
    shape = {"label_de": "Aufnahme", "before": str(probe), "version": "1"}
    client.post(f"/beitritt/phasen/{keys['announced']}/aufbau", data=shape)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement.lower())

    event.listen(database.engine, "before_cursor_execute", note)
    assert client.get(f"/beitritt/phasen/{probe}/loeschen").status_code == 200
    event.remove(database.engine, "before_cursor_execute", note)
    assert not [statement for statement in sent if statement.startswith(("insert", "update", "delete"))]


def test_the_status_report_speaks_of_the_first_case_only_and_the_overview_says_which_network_it_means(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    client.post("/beitritt/netze/neu", data={"network": "Covenant of Mayors", "with_phases": "y"})
    with database.write(now) as session:
        other = session.exec(select(Application).where(Application.network == "Covenant of Mayors")).one()
        phase = phases(session, other.key)[0]
        phase.due_on = date(2026, 12, 1)
        for kind, key in (("phase", phase.key), ("application", other.key)):
            session.add(
                FollowUp(kind=FollowUpKind.WAITING, subject_kind=kind, subject_id=key, waiting_for="Brüssel",
                         what="Unterlagen", due_on=date(2026, 12, 2))
            )  # fmt: skip
        session.commit()
    with database.read(now) as session:
        told = status(session, now.date())
        assert [row for row in told.dates if row.kind == "phase" or row.title_de == "Unterlagen"] == []
        assert "Brüssel" not in [row.waiting_for for row in told.waiting]
    page = client.get("/").text
    assert f"{phase.label_de} (Covenant of Mayors)" in page
    assert "Brüssel" in page


def test_who_saves_second_is_told_of_another_order_that_a_colleague_gave(
    client: JudgingClient, bens_client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    shape = f"/beitritt/phasen/{keys['announced']}/aufbau"
    label = _phase(database, now, keys["announced"]).label_de
    english = _phase(database, now, keys["announced"]).label_en
    words = {"label_de": label, "label_en": english, "version": "1"}
    assert bens_client.post(shape, data=words | {"before": str(keys["idea"])}).status_code == 303
    stale = client.post(shape, data=words | {"before": str(keys["accepted"])})
    assert stale.status_code == 409
    with database.read(now) as session:
        before = select(PhaseOrder.before_id).where(PhaseOrder.phase_id == keys["announced"])
        assert session.exec(before).all() == [keys["idea"]]


def test_a_form_without_its_version_overwrites_nothing_and_is_no_fault_of_the_program(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    key = _keys(database, now)["idea"]
    answer = client.post(f"/beitritt/phasen/{key}/bearbeiten", data={"note": "Text", "responsible_id": "1"})
    assert answer.status_code == 409
    assert _phase(database, now, key).note == ""


def test_since_when_the_state_holds_is_not_moved_without_a_reason(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    typed = {"state": "submitted", "state_since": "2.11.2026", "reason": "Brief vom 2.11."}
    assert client.post("/beitritt/stand", data=typed | {"version": "1"}).status_code == 303
    again = {"state": "submitted", "state_since": "23.11.2026", "version": "2"}
    assert client.post("/beitritt/stand", data=again).status_code == 422
    with database.read(now) as session:
        assert session.get_one(Application, 1).state_since == date(2026, 11, 2)
    assert client.post("/beitritt/stand", data=again | {"reason": "Neuer Brief"}).status_code == 303


def test_a_phase_that_is_opened_again_says_when_its_date_does_not_fit_the_others_any_more(
    client: JudgingClient, database: Database, now: datetime
) -> None:
    keys = _keys(database, now)
    with database.write(now) as session:
        first, later = (session.get_one(Phase, keys[code]) for code in ("idea", "actors_wish"))
        first.due_on, first.closed_on, later.due_on = date(2027, 5, 1), date(2026, 11, 1), date(2027, 1, 4)
        session.commit()
        version = str(first.version)
    address = f"/beitritt/phasen/{keys['idea']}"
    assert client.post(f"{address}/oeffnen", data={"reason": "neu", "version": version}).status_code == 303
    assert "und ist schon am 04.01.2027 fällig" in client.get(address).text
