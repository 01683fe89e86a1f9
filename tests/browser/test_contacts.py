"""The way of a contact as an officer walks it: in from files, found by half a name, merged, parted, erased for good."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Fresh, Visitor
from tests.browser.test_joining import said, sign_in

pytestmark = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)
CARDS = Path(__file__).parents[1] / "cards"
WORDS = ("öllerich", "oellerich", "ollerich", "uta@privat", "555 01 23", "5550123", "hilft gern")


@pytest.fixture
def anna(fresh: Fresh, visit: Callable[..., Visitor]) -> Visitor:
    """On a phone in the dark, without scripts, in German."""
    person = visit(fresh.address, "phone", "dark", script=False)
    sign_in(person)
    return person


def take_in(person: Visitor, name: str) -> None:
    """From the list of contacts to the imported file."""
    person.open("/kontakte")
    person.follow("Einfuhr & Ausgabe")
    person.page.locator("[name=file]").set_input_files(CARDS / name)
    person.fill(origin="third_party", source="Liste des FABx", source_on="20.11.2026", purpose="Netzwerk")
    person.press("Datei lesen")
    if name.endswith(".csv"):
        said(person, "Nachname")
        person.page.locator("main button").first.click()
    person.page.get_by_role("button", name="übernehmen").first.click()
    person.page.wait_for_load_state()
    said(person, "übernommen")


def search(person: Visitor, word: str) -> str:
    person.open("/kontakte")
    person.fill(suche=word)
    person.press("Suchen")
    return person.page.locator("main").inner_text()


def test_from_three_dialects_to_nothing_left(anna: Visitor, fresh: Fresh) -> None:
    for name in ("apple.vcf", "google.vcf", "outlook.vcf", "outlook.csv"):
        take_in(anna, name)
    assert "Öllerich" in search(anna, "lleri")
    assert "Öllerich" in search(anna, "oellerich")
    anna.open("/kontakte/neu")
    anna.fill(given_name="Uta", family_name="Oellerich", source="Gespräch", source_on="20.11.2026",
              email="uta@privat.example", language="de", origin="self")  # fmt: skip
    anna.press("Speichern")
    said(anna, "gleiche E-Mail-Adresse")
    anna.page.locator("[name=save_anyway]").check()
    anna.press("Speichern")
    anna.open("/kontakte/dubletten")
    anna.page.get_by_role("link", name="Vergleichen").first.click()
    anna.press("Zusammenführen")
    said(anna, "Zusammengeführt.", "hilft gern")
    assert search(anna, "llerich uta").count("Uta") <= 1
    anna.open("/kontakte/dubletten")
    anna.page.get_by_role("link", name="Wieder trennen").first.click()
    anna.page.get_by_role("button", name="trennen").click()
    found = search(anna, "oellerich")
    assert "Öllerich" in found
    assert "Oellerich" in found
    erase(anna, "Dr. Uta Maria Öllerich")
    erase(anna, "Uta Oellerich")
    nothing_left(anna, fresh)


def erase(person: Visitor, name: str) -> None:
    search(person, "llerich")
    person.follow(name)
    person.page.locator("summary", has_text="Datenschutz").click()
    person.follow("Diesen Kontakt löschen …")
    person.fill(reason="request")
    person.page.locator("[name=is_checked]").check()
    person.page.locator("main form .kern-btn--primary").last.click()
    person.page.wait_for_load_state()
    person.page.locator("main form .kern-btn--primary").last.click()
    person.page.wait_for_load_state()
    said(person, "Kontakt, gelöscht am 23.11.2026")


def nothing_left(person: Visitor, fresh: Fresh) -> None:
    for path in ("/kontakte", "/kontakte/dubletten", "/austausch", "/kontakte/einfuhr", "/datenschutz", "/", "/mehr",
                 "/nachrichten", "/organisationen", "/staedte", "/schlagworte"):  # fmt: skip
        if person.page.request.get(fresh.address + path).status == 404:
            continue
        person.open(path)
        shown = person.page.content().lower()
        assert [word for word in WORDS if word in shown] == [], path
    for path in ("/kontakte/ausgabe.vcf", "/kontakte/ausgabe.csv"):
        written = person.page.request.get(fresh.address + path).text().lower()
        assert "largin" in written or "lvares" in written, "the others are there"
        assert [word for word in WORDS if word in written] == [], path
    file = Path(fresh.database.url.removeprefix("sqlite:///"))
    for part in file.parent.glob(f"{file.name}*"):
        content = part.read_bytes().lower()
        assert [word for word in WORDS if word.encode() in content] == [], part.name
    stored = [path for path in fresh.settings.files_dir.rglob("*") if path.is_file()]
    assert stored == []
