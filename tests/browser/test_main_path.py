"""As a new user would: start, sign in, invite, look at the case, declare, remind, receive, restore."""

import re
import secrets
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from zoneinfo import ZoneInfo

import pytest

from models.catalogue.invented import PASSWORD as DEMO_PASSWORD
from models.language import day_text, translator
from tests.browser.conftest import Installation, Visitor
from tests.calendars.readers import icaljs
from tests.services import MailServer

PASSWORD = "ein langes Kennwort"
PAGES = (
    "/beitritt", "/rat/vorlagen/1", "/rat/beschluesse/1", "/zusagen", "/staedte", "/organisationen", "/kontakte",
    "/konferenzen", "/erinnerungen", "/wiedervorlagen", "/mehr", "/worum-geht-es",
)  # fmt: skip


def read_mail(raw: bytes) -> EmailMessage:
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, part: str) -> str:
    found = re.search(rf"http://\S+{part}\S*", text_of(mail))
    assert found, text_of(mail)
    return found[0]


def calendar_in(mail: EmailMessage) -> dict[str, object]:
    """The entry of the calendar part as ical.js, Thunderbird's parser, reads it."""
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert part.get_param("charset") == "utf-8"
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    [[event]] = icaljs([raw])
    assert event["method"] == part.get_param("method")
    return event


def today_in_leipzig() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def first_account(person: Visitor, printed: str, language: str) -> None:
    link = re.search(r"http://\S+/zugang/\S+", printed)
    assert link
    person.open(link[0])
    if language == "en":
        person.press("English")
    person.fill(name="Anna Amt", email="anna@lotse.example", password=PASSWORD, again=PASSWORD)
    person.press(translator(language)("Set the password and sign in"))


def sign_in(person: Visitor, language: str) -> None:
    _ = translator(language)
    person.fill(email="anna@lotse.example", password=PASSWORD)
    person.press(_("Sign in"))


def declare(person: Visitor, name: str, language: str) -> None:
    _ = translator(language)
    person.open("/beitritt")
    person.follow(_("Record a declaration"))
    person.fill(new_organisation=name, declared_on=day_text(today_in_leipzig(), "de"))
    person.press(_("Save"))


def conference_in_31_days(person: Visitor, language: str) -> date:
    _ = translator(language)
    first = today_in_leipzig() + timedelta(days=31)
    person.open("/konferenzen/neu")
    person.fill(
        name="Treffen in Linz", series="related", status="announced", date_precision="day",
        starts_on=day_text(first, "de"), ends_on=day_text(first + timedelta(days=1), "de"), city="Linz",
    )  # fmt: skip
    person.press(_("Save"))
    person.follow(_("Remind …"))
    person.page.locator("input[name=when][value=d30]").check()
    person.press(_("Remind"))
    return first


LONG = pytest.mark.long


@pytest.mark.parametrize(
    ("viewport", "language"),
    [
        ("desktop", "de"),
        ("phone", "en"),
        pytest.param("desktop", "en", marks=LONG),
        pytest.param("phone", "de", marks=LONG),
    ],
)
def test_from_the_first_start_to_a_reminder_that_arrives_once(
    installation: Installation, mail: MailServer, visit: Callable[..., Visitor], viewport: str, language: str
) -> None:
    _ = translator(language)
    start_here = f"{viewport}-{language}-{secrets.token_hex(3)}"
    address = f"ben-{start_here}@lotse.example"
    anna = visit(installation.address, viewport, "dark" if viewport == "phone" else "light")
    first_account(anna, installation.start(), language)

    # A colleague is invited and reads her mail on the real server.
    anna.open("/kolleginnen/neu")
    anna.fill(name="Ben Büro", email=address, language=language)
    anna.press(_("Invite"))
    [invitation] = mail.wait_for(address, 1, timeout=40)
    ben = visit(installation.address, viewport)
    ben.open(link_in(read_mail(invitation), "/zugang/"))
    ben.fill(password=PASSWORD, again=PASSWORD)
    ben.press(_("Set the password and sign in"))
    assert "Ben Büro" in ben.page.content()

    # Leipzig's case as it stands.
    for path in PAGES:
        anna.open(path)

    # Two declarations turn the condition in all places.
    for lab in ("Makerspace Nord", "FabLab Süd"):
        declare(anna, lab, language)
    for path in ("/", "/beitritt", "/beitritt/phasen/2", "/zusagen/1"):
        assert _("{have} of {needed} declared").format(have=2, needed=2) in anna.open(path).content(), path

    # A conference in 31 days, reminded of 30 days before: that is tomorrow at eight.
    first = conference_in_31_days(anna, language)
    tomorrow = f"{today_in_leipzig() + timedelta(days=1)} 08:00"
    before = installation.job("run", "send-reminders", "--at", tomorrow)
    assert "Treffen in Linz" in before
    assert "anna@lotse.example" in before
    had = len(mail.messages("anna@lotse.example"))
    installation.job("run", "send-reminders", "--at", tomorrow, "--for-real")
    reminder = read_mail(mail.wait_for("anna@lotse.example", had + 1)[-1])
    assert "Treffen in Linz" in str(reminder["Subject"])
    assert reminder["Auto-Submitted"] == "auto-generated"
    assert reminder.get_body(("html",)) is not None
    event = calendar_in(reminder)
    assert event["method"] == "PUBLISH"
    assert (event["starts"], event["ends"]) == (f"{first}", f"{first + timedelta(days=2)}")
    assert event["sequence"] == 0

    # Again: no second mail. Its link leads, after sign-in, to a page on which GET changes nothing.
    installation.job("run", "send-reminders", "--at", tomorrow, "--for-real")
    assert len(mail.messages("anna@lotse.example")) == had + 1
    stranger = visit(installation.address, viewport)
    stranger.open(link_in(reminder, "/e/"))
    sign_in(stranger, "de")
    assert "Treffen in Linz" in stranger.page.content()
    stranger.press(_("Noted"))

    # Backup, everything deleted, restored: everything is back and nothing is mailed again.
    backup = installation.data.parent / "sicherung.zip"
    installation.job("backup", str(backup))
    assert installation.stop() == 0
    shutil.rmtree(installation.data)
    installation.data.mkdir()
    (installation.data / "secret.key").write_text(secrets.token_urlsafe(48))
    installation.job("restore", str(backup))
    installation.start()
    installation.job("run", "send-reminders", "--at", tomorrow, "--for-real", code=1)
    again = visit(installation.address, viewport)
    again.open("/anmelden")
    sign_in(again, "de")
    for path, said in (
        ("/beitritt", "Makerspace Nord"),
        ("/konferenzen", "Treffen in Linz"),
        ("/kolleginnen", address),
    ):
        assert said in again.open(path).content(), path
    again.open("/")
    assert (
        _(
            "The automatic sending is paused, because this database was restored from a backup. No reminder goes out"
            " until somebody has looked at what would be sent."
        )
        in again.page.content()
    )
    assert len(mail.messages("anna@lotse.example")) == had + 1
    assert len(mail.messages(address)) == 1


def test_a_second_start_prints_the_same_link_and_everything_works_without_scripts(
    installation: Installation, visit: Callable[..., Visitor]
) -> None:
    printed = installation.start()
    assert installation.stop() == 0
    link = re.search(r"/zugang/\S+", printed)
    assert link
    assert link[0] in installation.start()
    person = visit(installation.address, "desktop", script=False)
    first_account(person, printed, "de")
    person.open("/zusagen/1/bearbeiten")
    person.fill(due_on="31.2.2027")
    person.press("Speichern")
    assert "31.2.2027" in person.page.content()
    person.fill(due_on="1.3.2027")
    person.press("Speichern")
    assert "01.03.2027" in person.page.content()


def test_when_one_part_dies_the_other_stops_with_an_error(installation: Installation) -> None:
    installation.start()
    assert installation.process is not None
    children = subprocess.run(
        ["pgrep", "-P", str(installation.process.pid), "-f", "jobs"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    subprocess.run(["kill", "-9", *children], check=True)
    rest, _err = installation.process.communicate(timeout=30)
    assert installation.process.returncode == 1
    assert "unerwartet beendet" in rest
    installation.process = None


def test_the_demonstration_shows_its_band_and_never_mails(
    installation: Installation, mail: MailServer, visit: Callable[..., Visitor]
) -> None:
    assert installation.environment["LOTSE_SMTP_URL"] == mail.smtp_url  # it could send if it wanted to
    installation.start("--demo")
    person = visit(installation.address)
    person.open("/anmelden")
    assert person.page.locator(".demo-band").is_visible()
    person.fill(email="mira@lotse.example", password=DEMO_PASSWORD)
    person.press("Anmelden")
    person.open("/erinnerungen/testmail")
    person.page.locator("main form button").first.click()
    person.page.get_by_text("abgelegt").first.wait_for(timeout=40_000)
    assert mail.messages("mira@lotse.example") == []
