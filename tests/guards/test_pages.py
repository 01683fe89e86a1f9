"""Every page that can be opened is judged, in both languages, as an officer sees it."""

import pytest
from flask import Flask

from models.database import Database
from models.officers import Officer
from tests.judge import JudgingClient, faults, page_addresses

on_sqlite = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_stands_up_to_the_judge(
    app: Flask, client: JudgingClient, database: Database, anna: Officer, language: str
) -> None:
    client.post("/sprache", data={"language": language})
    opened = 0
    for address in page_addresses(app):
        response = client.get(address)  # judged by the client itself
        assert response.status_code in (200, 302, 404), address
        if response.mimetype == "text/html" and response.status_code == 200:
            assert f'lang="{language}"' in response.text
            opened += 1
    assert opened > 60


@on_sqlite
def test_the_menu_has_at_most_seven_entries(client: JudgingClient) -> None:
    from webapp.navigation import MENU

    assert len(MENU) <= 7


def test_the_judge_can_say_no() -> None:
    bad = """<!DOCTYPE html><html><head><title>x</title></head><body><h1>a</h1><h1>b</h1><h3 id=a>c</h3>
    <p id=a style="color:red" onclick="x()"></p><input name=q aria-describedby=nowhere><script>1</script>
    <form method=post></form><a href="#nix"></a></body></html>"""
    found = " ".join(faults(bad))
    for word in (
        "no lang",
        "2 h1",
        "twice",
        "no label",
        "nowhere",
        "inline script",
        "style attribute",
        "CSRF",
        "title",
    ):
        assert word in found, word
