"""Pages of mail texts: written in both languages, checked when saved, previewed with a real person."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import lxml.html
import pytest
from sqlmodel import Session, col, select

from models.audit import history_of
from models.commitments.checklist import Commitment
from models.database import Database
from models.officers import Officer
from models.reminders.rules import ReminderRule
from models.reminders.texts import MailText, TextCode, built_in, wording
from tests.judge import JudgingClient

EDIT = "/erinnerungen/texte/reminder/bearbeiten"
on_sqlite = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@pytest.fixture
def change(database: Database, now: datetime) -> Callable[..., Any]:
    """Do something in a session and commit it."""

    def do(work: Callable[[Session], Any]) -> Any:
        with database.write(now) as session:
            answer = work(session)
            session.commit()
        return answer

    return do


@pytest.fixture
def commitment(change: Callable[..., Any], anna: Officer) -> int:
    """An item that Anna must have done by 27.11.2026; two working days before she is reminded."""

    def work(session: Session) -> int:
        item = session.exec(select(Commitment).order_by(col(Commitment.id))).first()
        assert item is not None
        item.label_de, item.label_en = "Brief <b>ans</b> Netz {anzahl}", "Letter to the network"
        item.due_on, item.responsible_id = date(2026, 11, 27), anna.key
        return item.key

    return int(change(work))


def rows(change: Callable[..., Any]) -> list[MailText]:
    found: list[MailText] = change(lambda session: session.exec(select(MailText).order_by(MailText.id)).all())
    return list(found)


def field(html: str, name: str) -> str:
    found = lxml.html.document_fromstring(html).xpath("//main//*[@name=$name]", name=name)[0]
    return str(found.text or "").lstrip("\n") if found.tag == "textarea" else str(found.get("value") or "")


def typed(**fields: str) -> dict[str, str]:
    words = {language: built_in(TextCode.REMINDER, language) for language in ("de", "en")}
    return {
        "subject_de": words["de"].subject, "body_de": words["de"].body, "subject_en": words["en"].subject,
        "body_en": words["en"].body,
    } | fields  # fmt: skip


def mails_shown(html: str) -> list[str]:
    page = lxml.html.document_fromstring(html)
    return [str(part.text_content()) for part in page.xpath("//section[@aria-labelledby='vorschau']//pre")]


def test_the_form_begins_with_the_built_in_text(client: JudgingClient) -> None:
    html = client.get(EDIT).text
    for language in ("de", "en"):
        words = built_in(TextCode.REMINDER, language)
        assert (field(html, f"subject_{language}"), field(html, f"body_{language}")) == (
            words.subject,
            words.body,
        )
    assert "{abstand}" in html
    assert "{alt}" not in html, "exists only where a date was changed"
    assert "{alt}" in client.get("/erinnerungen/texte/moved/bearbeiten").text


def test_a_text_is_saved_and_only_what_differs_is_kept(
    client: JudgingClient, change: Callable[..., Any], anna: Officer
) -> None:
    answer = client.post(EDIT, data=typed(subject_de="Bitte: {titel}"))
    assert (answer.status_code, answer.location) == (303, "/erinnerungen/texte")
    (row,) = rows(change)
    assert (row.code, row.subject_de, row.body_de, row.subject_en, row.body_en) == (
        "reminder",
        "Bitte: {titel}",
        "",
        "",
        "",
    )
    said = change(lambda session: wording(session, "reminder", None, "de"))
    assert said.subject == "Bitte: {titel}"
    assert said.body == built_in(TextCode.REMINDER, "de").body
    page = lxml.html.document_fromstring(client.get("/erinnerungen/texte").text)
    assert "eigener Text" in page.xpath("string(//tr[th[contains(., 'Erinnerung')]][1])")
    (entry,) = change(lambda session: history_of(session, "mail_text", row.key))
    assert entry.officer_id == anna.key
    assert client.get(f"/erinnerungen/texte/{row.key}/verlauf").status_code == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Guten Tag {persn}", "Meinen Sie {person}?"),
        ("eins\n\n{abstand", "Zeile 3: Die Klammer { wird nicht geschlossen."),
        ("{titel.__class__}", "Bitte schreiben Sie {titel}."),
        ("{anzahl}", "gibt es in dieser Art von E-Mail nicht"),
    ],
)
def test_a_faulty_text_is_not_saved_and_what_was_typed_stays(
    client: JudgingClient, change: Callable[..., Any], text: str, said: str
) -> None:
    answer = client.post(EDIT, data=typed(subject_de="Neu", body_en=text))
    assert answer.status_code == 422
    assert said in answer.text
    assert field(answer.text, "body_en") == text
    assert field(answer.text, "subject_de") == "Neu"
    assert rows(change) == [], "nothing is half-saved"


def test_a_faulty_text_is_not_previewed(client: JudgingClient) -> None:
    answer = client.post(EDIT, data=typed(body_de="{x", vorschau="ja"))
    assert answer.status_code == 422
    assert mails_shown(answer.text) == []


def test_the_preview_shows_a_real_reminder_and_saves_nothing(
    client: JudgingClient, change: Callable[..., Any], commitment: int, anna: Officer
) -> None:
    text = "Guten Tag {person},\n\n{titel}: {abstand}\n\n<i>Formular</i> im Intranet."
    data = typed(subject_de="Bitte: {titel}", body_de=text, vorschau="ja", officer_id=str(anna.key))
    answer = client.post(EDIT, data=data)
    assert answer.status_code == 200
    german, english = mails_shown(answer.text)
    assert (
        "Guten Tag Anna Amt,\n\nBrief <b>ans</b> Netz {anzahl}: das ist in 4 Tagen.\n\n<i>Formular</i>"
        in german
    )
    assert "Datum: Freitag, 27.11.2026" in german
    assert "http://127.0.0.1:8000/e/vorschau" in german
    assert "Hello Anna Amt,\n\nThat is in 4 days." in english
    assert "Bitte: Brief &lt;b&gt;ans&lt;/b&gt; Netz {anzahl}" in answer.text
    assert field(answer.text, "body_de") == text
    assert rows(change) == []


@pytest.mark.parametrize("code", list(TextCode))
def test_every_kind_of_mail_has_a_preview(client: JudgingClient, commitment: int, code: TextCode) -> None:
    data = {f"subject_{language}": built_in(code, language).subject for language in ("de", "en")}
    answer = client.post(f"/erinnerungen/texte/{code.value}/bearbeiten", data=data | {"vorschau": "ja"})
    assert answer.status_code == 200
    german, english = mails_shown(answer.text)
    assert "Guten Tag Anna Amt," in german
    assert "Hello Anna Amt," in english
    assert "Brief <b>ans</b> Netz" in german
    assert "{" not in german.replace("{anzahl}", "")
    if code is TextCode.MOVED:
        assert "bisher Freitag, 13.11.2026, jetzt Freitag, 27.11.2026" in german


def test_without_a_planned_reminder_the_preview_says_what_it_takes(
    client: JudgingClient, commitment: int, ben: Officer
) -> None:
    answer = client.post(EDIT, data=typed(vorschau="ja", officer_id=str(ben.key)))
    assert "eine offene Zusage, weil für diese Person keine Erinnerung geplant ist" in answer.text
    assert "Guten Tag Ben Büro" in mails_shown(answer.text)[0]


def test_without_any_date_the_preview_says_so(client: JudgingClient, change: Callable[..., Any]) -> None:
    def clear(session: Session) -> None:
        for rule in session.exec(select(ReminderRule)):
            rule.is_on = False
        for item in session.exec(select(Commitment)):
            item.due_on = None

    change(clear)
    answer = client.post(EDIT, data=typed(vorschau="ja"))
    assert answer.status_code == 200
    assert "Es gibt kein Beispiel" in answer.text


def test_who_saves_second_is_told(
    client: JudgingClient, bens_client: JudgingClient, change: Callable[..., Any]
) -> None:
    # Both began without an own text.
    assert client.post(EDIT, data=typed(subject_de="Annas")).status_code == 303
    late = bens_client.post(EDIT, data=typed(subject_de="Bens"))
    assert late.status_code == 409
    assert "Annas" in late.text
    assert field(late.text, "subject_de") == "Bens"
    assert len(rows(change)) == 1
    again = bens_client.post(EDIT, data=typed(subject_de="Bens", version=field(late.text, "version")))
    assert again.status_code == 303
    assert [row.subject_de for row in rows(change)] == ["Bens"]
    # Anna still has the first version open; then the text is deleted under her hands.
    assert client.post(EDIT, data=typed(subject_de="Neu", version="1")).status_code == 409
    (row,) = rows(change)
    assert bens_client.post(f"/erinnerungen/texte/{row.key}/loeschen").status_code == 303
    gone = client.post(EDIT, data=typed(subject_de="Neu", version="2"))
    assert gone.status_code == 422
    assert "inzwischen von jemand anderem gelöscht" in gone.text
    assert rows(change) == []
    assert client.post(EDIT, data=typed(subject_de="Neu")).status_code == 303


def test_back_to_the_built_in_text_asks_first(client: JudgingClient, change: Callable[..., Any]) -> None:
    client.post(EDIT, data=typed(subject_de="Bitte: {titel}"))
    (row,) = rows(change)
    address = f"/erinnerungen/texte/{row.key}/loeschen"
    assert address in client.get(EDIT).text
    assert "Zurück zum eingebauten Text für „Erinnerung“?" in client.get(address).text
    assert len(rows(change)) == 1, "looking deletes nothing"
    assert client.post(address).status_code == 303
    assert rows(change) == []
    assert change(lambda s: wording(s, "reminder", None, "de")) == built_in(TextCode.REMINDER, "de")


def test_what_says_the_usual_is_not_worth_a_row(client: JudgingClient, change: Callable[..., Any]) -> None:
    answer = client.post(EDIT, data=typed())
    assert answer.status_code == 422
    assert "nichts zu speichern" in answer.text
    assert rows(change) == []


def test_a_text_for_single_rules_is_written_used_and_deleted(
    client: JudgingClient, change: Callable[..., Any]
) -> None:
    new = "/erinnerungen/texte/neu"
    assert client.post(new, data=typed(subject_de="Reise: {titel}")).status_code == 422, "it needs a name"
    assert client.post(new, data=typed(name="Reiseantrag", subject_de="Reise: {titel}")).status_code == 303
    twice = client.post(new, data=typed(name="reiseantrag", subject_de="Anders"))
    assert twice.status_code == 422
    assert "schon einen Text mit diesem Namen" in twice.text
    (row,) = rows(change)

    def use(session: Session) -> None:
        session.get_one(ReminderRule, 1).text_id = row.key

    change(use)
    assert "Zusage: 2 Arbeitstage vorher" in client.get("/erinnerungen/texte").text
    page = client.get(f"/erinnerungen/texte/{row.key}/bearbeiten").text
    assert field(page, "subject_en") == "{anlass}: {titel} {termin}"
    data = typed(name="Reiseantrag", subject_de="Antrag: {titel}", version=field(page, "version"))
    assert client.post(f"/erinnerungen/texte/{row.key}/bearbeiten", data=data).status_code == 303
    asked = client.get(f"/erinnerungen/texte/{row.key}/loeschen").text
    assert "Zusage: 2 Arbeitstage vorher" in asked
    assert client.post(f"/erinnerungen/texte/{row.key}/loeschen").status_code == 303
    assert rows(change) == []
    assert change(lambda session: session.get_one(ReminderRule, 1).text_id) is None


def test_the_preview_of_a_rules_text_takes_that_rule(
    client: JudgingClient, change: Callable[..., Any], commitment: int
) -> None:
    def write(session: Session) -> int:
        row = MailText(name="Reiseantrag", subject_de="Reise: {titel}")
        session.add(row)
        session.flush()
        session.get_one(ReminderRule, 1).text_id = row.key
        return row.key

    key = change(write)
    data = typed(name="Reiseantrag", subject_de="Anders: {titel} ({regel})", vorschau="ja", version="1")
    answer = client.post(f"/erinnerungen/texte/{key}/bearbeiten", data=data)
    assert answer.status_code == 200
    assert "Netz {anzahl} (Zusage: 2 Arbeitstage vorher)" in answer.text
    assert [row.subject_de for row in rows(change)] == ["Reise: {titel}"]


def test_a_text_whose_token_is_gone_is_marked(client: JudgingClient, change: Callable[..., Any]) -> None:
    change(lambda session: session.add(MailText(code="moved", body_de="{gibtesnichtmehr}")))
    page = client.get("/erinnerungen/texte").text
    assert "fehlerhaft" in page
    assert "geht stattdessen der eingebaute Text hinaus" in page


@on_sqlite
def test_unknown_texts_are_not_found(client: JudgingClient) -> None:
    assert client.get("/erinnerungen/texte/nix/bearbeiten").status_code == 404
    assert client.get("/erinnerungen/texte/99/bearbeiten").status_code == 404
    assert client.get("/erinnerungen/texte/99/loeschen").status_code == 404


@on_sqlite
def test_the_own_text_of_a_built_in_one_has_one_address(
    client: JudgingClient, change: Callable[..., Any]
) -> None:
    client.post(EDIT, data=typed(subject_de="Bitte"))
    (row,) = rows(change)
    assert client.get(f"/erinnerungen/texte/{row.key}/bearbeiten").location == EDIT
