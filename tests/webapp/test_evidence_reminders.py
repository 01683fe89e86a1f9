"""Reminders of evidence on pages: *Erinnern*, the mail's link, the way to renew."""

from datetime import date, datetime, timedelta

from sqlmodel import select

from jobs.send_reminders import send_reminders
from models.database import Database
from models.reminders.messages import Reminder
from models.reminders.rules import ReminderRule, SubjectKind
from settings import Settings
from tests.jobs.cases import clock_at
from tests.judge import JudgingClient


def test_a_reminder_of_evidence_leads_to_a_new_revision_and_cannot_be_done_or_moved(
    client: JudgingClient, database: Database, settings: Settings, now: datetime
) -> None:
    typed = {"name": "Absichtserklärung", "content": "Notiz", "valid_until": "31.12.2026"}
    address = client.post("/nachweise/neu", data=typed).headers["Location"]
    key = int(address.rsplit("/", 1)[-1])
    assert f"/erinnern/evidence/{key}" in client.get(address).text
    page = client.get(client.get(address).text.split('class="kern-link remind" href="')[1].split('"')[0])
    assert "31.12.2026" in page.text
    asked = page.request.path
    typed = {"when": "day", "day": "24.11.2026", "whom": "me"}
    assert client.post(asked, data=typed).status_code == 303
    tomorrow = now + timedelta(days=1)
    send_reminders(database, settings, clock_at(tomorrow), as_of=False)
    with database.read(now) as session:
        reminder = session.exec(select(Reminder).where(Reminder.subject_kind == "evidence")).one()
    assert "Absichtserklärung" in client.get(address).text.split('id="mails"')[1]
    shown = client.get(f"/e/{reminder.token}", follow_redirects=True).text
    assert f"/nachweise/{key}/fassung" in shown
    assert "Gültig bis" in shown
    assert "Termin ändern" not in shown
    moved = client.post(f"/erinnerungen/{reminder.key}", data={"day": "1.1.2028", "version": "2026-12-31"})
    assert moved.status_code in (200, 422)
    assert client.post(f"/erinnerungen/{reminder.key}/erledigt").status_code == 303
    assert client.get(address).status_code == 200
    assert client.post(f"/erinnerungen/{reminder.key}/in-einer-woche").status_code == 303
    with database.read(now) as session:
        again = session.exec(
            select(ReminderRule).where(ReminderRule.subject_kind == SubjectKind.EVIDENCE)
        ).all()
        assert date(2026, 11, 30) in {rule.fixed_on for rule in again}
    client.post(
        f"{address}/zurueckziehen",
        data={"withdrawn_on": "23.11.2026", "withdrawn_reason": "x", "version": "1"},
    )
    assert "zurückgezogen" in client.get(f"/erinnerungen/{reminder.key}").text


def test_the_rule_is_among_the_first_ones(client: JudgingClient) -> None:
    assert "Nachweis läuft ab: 20 Arbeitstage vorher" in client.get("/erinnerungen").text
