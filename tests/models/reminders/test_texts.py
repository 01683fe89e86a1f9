"""Texts of mails: tokens are checked when saved, replaced once, and nothing in a value is ever read (T21)."""

import re
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models.city import the_city
from models.commitments.checklist import Commitment
from models.database import Database
from models.language import LANGUAGES, translator
from models.officers import Officer
from models.reminders.composing import compose
from models.reminders.letters import MailSettings
from models.reminders.messages import Message
from models.reminders.queueing import queue_due
from models.reminders.rules import ReminderRule, SubjectKind
from models.reminders.subjects import Subject
from models.reminders.telling import Told, collected_values, subject_line, values
from models.reminders.texts import (
    TOKENS,
    MailText,
    TextCode,
    Wording,
    built_in,
    chosen,
    city_text,
    delete_text,
    faults,
    filled,
    paragraphs,
    rules_with_text,
    tokens_for,
    wording,
)  # fmt: skip
from models.reminders.tokens import FaultKind

TODAY = date(2026, 11, 23)
MAIL = MailSettings("https://lotse.example", "lotse@lotse.example")
typed = st.text(max_size=80) | st.text("{}abn .!:[]0_\n", max_size=40)


def told(title: str = "Brief ans Netz", **changes: object) -> Told:
    kind = changes.pop("kind", SubjectKind.COMMITMENT)
    day = changes.pop("day", date(2026, 11, 25))
    assert isinstance(kind, SubjectKind)
    assert day is None or isinstance(day, date)
    subject = Subject(kind, 1, title, title, day, True, where_de=title, where_en=title)
    given = {
        "person": "Anna Amt", "unit": "Referat", "city": "Leipzig", "rule": "Zusage: 2 Tage vorher", "today": TODAY,
        "language": "de",
    } | changes  # fmt: skip
    return Told(subject=subject, anchor_on=day, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", TextCode)
def test_every_built_in_text_is_without_fault_in_both_languages(code: TextCode, language: str) -> None:
    words = built_in(code, language)
    assert faults(words.subject, code, is_subject=True) == []
    assert faults(words.body, code) == []
    assert paragraphs(words.body)[0] in ("Guten Tag {person},", "Hello {person},")


@pytest.mark.parametrize("code", TextCode)
def test_every_token_of_a_mail_has_a_value(code: TextCode) -> None:
    given = values(told(was_on=TODAY)) | collected_values([told()])
    assert {token.name for token in tokens_for(code)} <= set(given)
    assert {token.name for token in TOKENS} == set(given)


@pytest.mark.parametrize(
    ("template", "kind", "word", "line", "instead"),
    [
        ("{titell}", FaultKind.NEARLY, "{titell}", 1, "{titel}"),
        ("{Titel}", FaultKind.NEARLY, "{Titel}", 1, "{titel}"),
        ("{ titel }", FaultKind.NEARLY, "{ titel }", 1, "{titel}"),
        ("{name}", FaultKind.NEARLY, "{name}", 1, "{person}"),
        ("{zzz}", FaultKind.UNKNOWN, "{zzz}", 1, ""),
        ("{0}", FaultKind.UNKNOWN, "{0}", 1, ""),
        ("{0.__class__}", FaultKind.UNKNOWN, "{0.__class__}", 1, ""),
        ("{titel.__class__}", FaultKind.FORMAT, "{titel.__class__}", 1, "{titel}"),
        ("{titel[0]}", FaultKind.FORMAT, "{titel[0]}", 1, "{titel}"),
        ("{titel!r}", FaultKind.FORMAT, "{titel!r}", 1, "{titel}"),
        ("{titel:>99999999}", FaultKind.FORMAT, "{titel:>99999999}", 1, "{titel}"),
        ("{{titel}}", FaultKind.DOUBLED, "{{titel}}", 1, "{titel}"),
        ("{}", FaultKind.EMPTY_TOKEN, "{}", 1, ""),
        ("{anzahl}", FaultKind.ELSEWHERE, "{anzahl}", 1, ""),
        ("a\nb\n{titel", FaultKind.NOT_CLOSED, "{", 3, "{{"),
        ("a\ntitel}", FaultKind.NOT_OPENED, "}", 2, "}}"),
    ],
)  # fmt: skip
def test_a_fault_names_the_word_the_line_and_the_way_out(
    template: str, kind: FaultKind, word: str, line: int, instead: str
) -> None:
    (fault,) = faults(template, "reminder")
    assert (fault.kind, fault.word, fault.line, fault.instead) == (kind, word, line, instead)
    for language in LANGUAGES:
        said = fault.said(translator(language))
        assert word in said
        assert instead in said
        assert str(line) in said


def test_a_subject_line_is_one_line_and_says_something() -> None:
    assert [f.kind for f in faults("a\nb", "reminder", is_subject=True)] == [FaultKind.LINE_BREAK]
    assert [f.kind for f in faults(" ", "reminder", is_subject=True)] == [FaultKind.EMPTY]
    assert faults("a\nb", "reminder") == []


def test_the_old_date_exists_only_where_a_date_was_changed() -> None:
    assert faults("{alt}", "moved") == []
    assert [f.kind for f in faults("{alt}", "reminder")] == [FaultKind.ELSEWHERE]


def test_a_brace_itself_is_written_twice() -> None:
    assert faults("{{x}} und {{", "reminder") == []
    assert filled("{{x}} und {{{titel}}}", {"titel": "T"}) == "{x} und {T}"


@given(typed, st.dictionaries(st.sampled_from([token.name for token in TOKENS]), typed))
def test_replacing_never_raises_and_reads_no_value(template: str, tokens: dict[str, str]) -> None:
    out = filled(template, tokens)
    marked = filled(template, {token.name: f"<{token.name}>" for token in TOKENS})
    # The same places are replaced whatever the values say: a value is put in, never read.
    clean = {name: filled("{" + name + "}", tokens) for name in {token.name for token in TOKENS}}
    assert (
        out == re.sub("<(" + "|".join(clean) + ")>", lambda found: clean[found[1]], marked) or "<" in template
    )


@pytest.mark.parametrize("evil", ["{person}", "{0.__class__}", "{{", "}", "%s", "$name", "\\1", "\\g<0>"])
def test_t21_what_looks_like_a_token_in_a_title_stays_as_it_is(evil: str) -> None:
    assert filled("{titel}/{person}", {"titel": evil, "person": "Anna"}) == f"{evil}/Anna"


@given(st.text(max_size=60), st.sampled_from(list(TextCode)))
def test_checking_never_raises(template: str, code: TextCode) -> None:
    for fault in faults(template, code):
        assert fault.said(translator("de"))


MARKUP = "<a href=https://evil.example>hier</a><script>alert(1)</script>"
EVIL = [
    MARKUP, "[hier](https://evil.example)", "=?utf-8?q?x=0d=0aBcc:_wer@evil.example?=", "x\r\nBcc: wer@evil.example",
    "\u202eelpmaxe.live//:sptth\u202c", "https://evil.example", "<img src=https://evil.example/x.png>", "\u2028{0}",
]  # fmt: skip


def add(session: Session, **fields: str) -> MailText:
    row = MailText(**fields)
    session.add(row)
    session.flush()
    return row


def read(message: Message) -> EmailMessage:
    """The mail as its bytes are read by a mail program."""
    found = message_from_bytes(message.body, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def mails(session: Session, officer: Officer, now: datetime) -> list[EmailMessage]:
    """What the sender would hand over now."""
    queue_due(session, now)
    session.flush()
    return [read(message) for message in compose(session, officer.key, MAIL, now)]


def make_due(session: Session, officer_id: int, title: str) -> ReminderRule:
    """An item of this title that its officer is reminded of now, in a mail of its own."""
    item = session.exec(select(Commitment).order_by(col(Commitment.id))).first()
    assert item is not None
    item.label_de = item.label_en = title
    item.due_on, item.responsible_id = date(2026, 11, 25), officer_id
    rule = session.exec(select(ReminderRule).where(ReminderRule.code == "due-commitment")).one()
    rule.is_urgent = True
    return rule


def with_evil_names(session: Session, key: int, evil: str, language: str, now: datetime) -> EmailMessage:
    """A mail in which everything that people name is called like this."""
    officer = session.get_one(Officer, key)
    officer.name, officer.language = evil, language
    rule = make_due(session, key, evil)
    rule.name_de = rule.name_en = the_city(session).unit = evil
    text = " ".join(token.written for token in tokens_for(TextCode.REMINDER))
    rule.text_id = add(session, name=evil, subject_de=text, subject_en=text, body_de=text, body_en=text).key
    (mail,) = mails(session, officer, now)
    return mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_t21_no_name_in_a_mail_becomes_markup_a_link_or_a_header(
    database: Database, now: datetime, anna: Officer, language: str
) -> None:
    for evil in EVIL:
        with database.write(now) as session:
            mail = with_evil_names(session, anna.key, evil, language, now)
            session.rollback()
        assert {"Bcc", "Cc"}.isdisjoint(mail.keys()), evil
        assert len(set(mail.keys())) == len(mail.keys()), f"no header stands twice: {evil}"
        assert [to.addr_spec for to in mail["To"].addresses] == ["anna@lotse.example"], evil
        page = lxml.html.document_fromstring(html_of(mail))
        addresses = [str(a.get("href")) for a in page.iter("a")]
        assert len(addresses) == 1, f"the button alone: {evil}"
        assert addresses[0].startswith("https://lotse.example/")
        assert not page.xpath("//script | //img | //iframe | //form | //@onclick | //@src"), evil
        assert not re.search("[\u202a-\u202e\u2066-\u2069\r\n]", str(mail["Subject"])), evil


@given(st.text(max_size=60))
def test_t21_no_value_carries_controls_or_turns_the_reading_direction(value: str) -> None:
    put = filled("{titel}", {"titel": "a" + value + "\u202e\u2066\r\n\x00b"})
    assert not re.search("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", put)


def test_t21_markup_in_the_text_itself_is_sent_as_it_was_typed(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now) as session:
        make_due(session, anna.key, "Brief")
        add(session, code="reminder", body_de="<b>Wichtig</b> [hier](https://evil.example)")
        (mail,) = mails(session, session.get_one(Officer, anna.key), now)
        assert "&lt;b&gt;Wichtig&lt;/b&gt; [hier](https://evil.example)" in html_of(mail)
        session.rollback()


def test_the_own_text_stands_in_the_real_mail(database: Database, now: datetime, anna: Officer) -> None:
    with database.write(now) as session:
        make_due(session, anna.key, "Brief {abstand}")
        add(session, code="reminder", subject_de="Bitte: {titel}", body_de="{person}, {abstand}\n\n{ort}")
        (mail,) = mails(session, session.get_one(Officer, anna.key), now)
        assert mail["Subject"] == "Bitte: Brief {abstand}"
        text = mail.get_body(("plain",))
        assert text is not None
        assert "Anna Amt, das ist in 2 Tagen.\n\nWorum es geht: Zusage" in text.get_content().replace(
            "\r\n", "\n"
        )
        session.rollback()


@pytest.mark.parametrize(
    ("kind", "german", "english"),
    [
        (
            SubjectKind.COMMITMENT,
            "Erinnerung: X (fällig am Mittwoch, 25.11.2026)",
            "Reminder: X (due Wednesday, 25 November 2026)",
        ),
        (
            SubjectKind.CONFERENCE,
            "Erinnerung: X beginnt am Mittwoch, 25.11.2026",
            "Reminder: X begins on Wednesday, 25 November 2026",
        ),
        (
            SubjectKind.DEADLINE,
            "Erinnerung: X (letzter Tag: Mittwoch, 25.11.2026)",
            "Reminder: X (last day Wednesday, 25 November 2026)",
        ),
        (SubjectKind.FOLLOW_UP, "Wiedervorlage: X", "Follow-up: X"),
    ],
)
def test_the_subject_line_says_what_kind_of_day_it_is(kind: SubjectKind, german: str, english: str) -> None:
    for language, wanted in (("de", german), ("en", english)):
        one = told("X", kind=kind, language=language)
        assert subject_line(built_in(TextCode.REMINDER, language), values(one)) == wanted
    undated = told("X", kind=kind, day=None)
    assert subject_line(built_in(TextCode.REMINDER, "de"), values(undated)) == "Erinnerung: X"


def test_the_only_reminder_of_a_collection_is_named() -> None:
    assert collected_values([told("X")])["inhalt"] == "X (fällig am Mittwoch, 25.11.2026)"
    assert collected_values([told("X"), told("Y")])["inhalt"] == "2 Erinnerungen"
    assert collected_values([told("X", language="en")])["anzahl"] == "1 reminder"


def test_paragraphs_that_became_empty_are_left_out() -> None:
    assert paragraphs(filled("Guten Tag,\n\n{ort}\n\nbis  {datum}", {"datum": "morgen"})) == (
        "Guten Tag,",
        "bis morgen",
    )


def test_the_rules_own_text_comes_first_then_the_citys_then_the_built_in(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        assert wording(session, "reminder", None, "de") == built_in(TextCode.REMINDER, "de")
        add(session, code="reminder", subject_de="Stadt {titel}", body_de="Hallo")
        own = add(session, name="Formular", subject_de="Formular {titel}")
        assert wording(session, "reminder", None, "de") == Wording("Stadt {titel}", "Hallo")
        assert wording(session, "reminder", own.key, "de") == Wording("Formular {titel}", "Hallo")
        # Never in the other language, and news of a date keep the common words.
        assert wording(session, "reminder", own.key, "en") == built_in(TextCode.REMINDER, "en")
        assert wording(session, "moved", own.key, "de") == built_in(TextCode.MOVED, "de")
        assert wording(session, "reminder", 4711, "de").subject == "Stadt {titel}"


def test_a_text_that_became_faulty_stops_no_mail(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        add(session, code="moved", subject_de="{gibtesnichtmehr}", body_de="Neu: {datum}")
        assert wording(session, "moved", None, "de") == Wording(
            built_in(TextCode.MOVED, "de").subject, "Neu: {datum}"
        )
    assert chosen([Wording("a\nb", "{")], TextCode.MOVED, "de") == built_in(TextCode.MOVED, "de")


def test_whoever_deletes_a_text_gives_its_rules_the_usual_one(
    database: Database, now: datetime, anna: Officer
) -> None:
    with database.write(now, anna.key) as session:
        own = add(session, name="Formular", body_de="x")
        rule = session.get_one(ReminderRule, 1)
        rule.text_id, seen = own.key, rule.version
        session.flush()
        assert [r.key for r in rules_with_text(session, own.key)] == [1]
        delete_text(session, own)
        session.commit()
    with database.read(now) as session:
        rule = session.get_one(ReminderRule, 1)
        assert (rule.text_id, rule.version) == (None, seen + 1)
        assert city_text(session, "reminder") is None
