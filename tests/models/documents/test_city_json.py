"""city.json: what is written, what is left out, and every fault in words."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.documents.city_faults import advice, faults
from models.documents.city_json import (
    CityPage,
    Event,
    Member,
    News,
    Number,
    Project,
    city_bytes,
    city_document,
    listed,
    social_label,
)
from models.language import translator

FULL = CityPage(
    name="Leipzig",
    country="Deutschland",
    type="city",
    subdomain="leipzig",
    joined_year=2027,
    differential="Werkstätten in jedem Stadtbezirk.",
    description="Wer in Leipzig etwas baut.",
    hero_image="assets/leipzig.jpg",
    local_site_url="https://leipzig.example/fabcity",
    email="fabcity@leipzig.example",
    social=("https://www.instagram.com/fab", "https://social.example/@fab"),
    privacy_url="https://leipzig.example/impressum",
    numbers=(Number("Werkstätten", "6"), Number("Beteiligte", "120+")),
    members=(Member("Makerspace", "Fab Lab", "Offene Werkstatt", "https://m.example", 51.3664, 12.3652),),
    projects=(Project("Textilkreislauf", "läuft", "Aus alt wird neu", ("Makerspace", "Stadt"), "", ""),),
    news=(News("Neue Werkstatt", date(2027, 3, 1), "Seit heute offen"),),
    events=(Event("Tag der offenen Tür", date(2027, 5, 8), "Lindenthaler Straße"),),
)


def _words(document: dict[str, Any], language: str = "de") -> list[str]:
    return [fault.words(translator(language)) for fault in faults(document)]


def test_a_full_page_has_no_fault_and_the_networks_field_names() -> None:
    document = json.loads(city_bytes(city_document(FULL)))
    assert faults(document) == []
    assert document["schema_version"] == "1.1"
    assert document["is_sample"] is False
    assert document["city"]["joined_year"] == 2027
    assert document["contact"]["social"][0] == {"label": "Instagram", "url": "https://www.instagram.com/fab"}
    assert document["contact"]["social"][1]["label"] == "social.example"
    assert document["analytics"] == {"privacy_url": "https://leipzig.example/impressum"}
    assert document["data_snapshot"][1] == {"label": "Beteiligte", "value": "120+"}
    assert document["ecosystem"][0]["lat"] == 51.3664
    assert document["projects"][0]["partners"] == ["Makerspace", "Stadt"]
    assert document["news"][0]["date"] == "2027-03-01"
    assert document["ui_labels"]["privacy"] == "Impressum und Datenschutz"
    assert advice(document, date(2027, 4, 1)) == []


def test_what_is_empty_is_left_out_and_that_is_no_fault() -> None:
    document = city_document(CityPage(name="Leipzig"))
    assert document["city"] == {"name": "Leipzig", "language": "de"}
    assert document["analytics"] == {}
    assert faults(document) == []
    assert [a.section for a in advice(document, date(2027, 1, 1))] == [
        "city",
        "contact",
        "analytics",
        "projects",
    ]


@pytest.mark.parametrize(("lat", "lng"), [(None, None), (51.3, None), (None, 12.3), (0.0, 0.0)])
def test_unknown_coordinates_are_left_out_never_zero(lat: float | None, lng: float | None) -> None:
    document = city_document(replace(FULL, members=(Member("Makerspace", lat=lat, lng=lng),)))
    assert document["ecosystem"] == [{"name": "Makerspace"}]


def test_the_equator_is_a_place() -> None:
    document = city_document(replace(FULL, members=(Member("Lab", lat=0.0, lng=9.4),)))
    assert document["ecosystem"] == [{"name": "Lab", "lat": 0.0, "lng": 9.4}]
    assert faults(document) == []


def test_every_fault_is_said_in_german_with_field_and_entry() -> None:
    document = city_document(
        replace(
            FULL,
            name="  ",
            subdomain="Leipzig.fab",
            joined_year=2010,
            email="niemand",
            social=("ftp://fab",),
            local_site_url="leipzig.de",
            hero_image="c:/bild.jpg",
            privacy_url="javascript:alert(1)",
            numbers=(Number("", "6"), *(Number("x", "1") for _ in range(6))),
            projects=(Project("Gut"), Project("", "läuft", url="nirgends")),
            news=(News("Ohne Tag", None),),
        )
    )
    said = _words(document)
    assert "Stadt, Name: fehlt" in said
    assert (
        "Stadt, Adresse im Netzwerk: darf nur Kleinbuchstaben von a bis z, Ziffern und Bindestriche enthalten"
        in said
    )
    assert "Stadt, Mitglied seit: muss ein Jahr von 2011 bis 2100 sein" in said
    assert "Stadt, Großes Bild: muss mit https:// oder assets/ beginnen" in said
    assert "Kontakt, E-Mail: ist keine E-Mail-Adresse wie name@example.org" in said
    assert "Kontakt, Soziale Netzwerke: muss mit https:// oder http:// beginnen" in said
    assert "Rechtliches, Impressum und Datenschutz: muss mit https:// oder http:// beginnen" in said
    assert "Kennzahl 1, Was gezählt wird: fehlt" in said
    assert "Kennzahlen: Es sind mehr als sechs; die Seite des Netzwerks zeigt nur sechs" in said
    assert "Projekt 2, Titel: fehlt" in said
    assert "Projekt 2, Webadresse: muss mit https:// oder http:// beginnen" in said
    assert "Meldung 1 (Ohne Tag), Datum: fehlt" in said
    assert len(said) == 13, said


def test_a_file_from_elsewhere_is_judged_too() -> None:
    assert faults([])
    said = _words(
        {
            "schema_version": "2.0",
            "is_sample": "nein",
            "city": {"name": "Leipzig", "type": "metropolis", "colour": "red"},
            "news": [{"date": "2027-02-30", "title": "Kein Tag"}, "kein Eintrag"],
            "ecosystem": [{"name": "Null", "lat": 0, "lng": 0}, {"name": "Halb", "lat": 51}, {"lat": 91, "lng": 1}],
        }
    )  # fmt: skip
    assert "Schemaversion: hat eine Form, die die Seite des Netzwerks nicht lesen kann" in said
    assert "Beispielinhalt: hat eine Form, die die Seite des Netzwerks nicht lesen kann" in said
    assert "Stadt, Art: muss „city“, „region“, „country“ oder „island“ sein" in said
    assert "Stadt, colour: ist der Seite des Netzwerks nicht bekannt" in said
    assert "Meldung 1 (Kein Tag), Datum: ist kein Tag des Kalenders" in said
    assert "Meldung 2: hat eine Form, die die Seite des Netzwerks nicht lesen kann" in said
    assert (
        "Partner 1 (Null), Breitengrad: 0, 0 ist kein Ort; lassen Sie die Koordinaten weg, wenn niemand sie kennt"
        in said
    )
    assert "Partner 2 (Halb), Längengrad: fehlt, obwohl die andere Koordinate da ist" in said
    assert "Partner 3, Name: fehlt" in said
    assert "Partner 3, Breitengrad: muss zwischen -90 und 90 Grad liegen" in said


def test_old_news_are_advice_and_stop_nothing() -> None:
    document = city_document(
        replace(FULL, news=(News("Alt", date(2026, 5, 22)), News("Älter", date(2025, 1, 1))))
    )
    assert faults(document) == []
    assert [a.section for a in advice(document, date(2026, 11, 23))] == ["news"]
    assert advice(document, date(2026, 11, 22)) == []


def test_lists_are_typed_with_commas_or_one_a_line() -> None:
    assert listed(" Makerspace,Stadt \n\n Hochschule ") == ("Makerspace", "Stadt", "Hochschule")
    assert listed("") == ()
    assert social_label("kein Link") == "kein Link"
