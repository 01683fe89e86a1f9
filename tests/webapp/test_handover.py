"""The handover file in the browser."""

import io
import zipfile

import pytest

from models.officers import Officer
from tests.judge import JudgingClient


def test_a_colleague_is_handed_over_and_the_dialogue_of_leaving_leads_there(
    client: JudgingClient, anna: Officer
) -> None:
    own = f"/kolleginnen/{anna.key}/uebergabe"
    assert f'href="{own}"' in client.get(f"/kolleginnen/{anna.key}").text
    assert f'href="{own}"' in client.get(f"/kolleginnen/{anna.key}/ausgeschieden").text
    page = client.get(own).text
    assert "Übergabe: Anna Amt" in page
    assert "nur an die Nachfolge" in page
    response = client.get(f"{own}.zip?sprache=de")
    assert response.headers["Content-Disposition"] == "attachment; filename=uebergabe-anna-amt.zip"
    assert response.content_length == len(response.data)
    assert len(zipfile.ZipFile(io.BytesIO(response.data)).namelist()) == 3
    assert client.get("/kolleginnen/999/uebergabe").status_code == 404
    assert client.get("/kolleginnen/999/uebergabe.zip").status_code == 404


@pytest.mark.parametrize("start", ["/beitritt/uebergabe", "/kolleginnen/1/uebergabe"])
def test_each_file_comes_alone_in_both_languages(client: JudgingClient, start: str) -> None:
    assert client.get(start).status_code == 200
    kinds = {
        "pdf": (b"%PDF-", "application/pdf"),
        "vcf": (b"", "text/vcard"),
        "ics": (b"BEGIN:VCALENDAR", "text/calendar"),
    }
    for language, word in (("de", "uebergabe-"), ("en", "handover-")):
        for ending, (begins, mimetype) in kinds.items():
            response = client.get(f"{start}.{ending}?sprache={language}")
            assert response.status_code == 200
            assert response.mimetype == mimetype
            assert response.data.startswith(begins)
            assert f"filename={word}" in response.headers["Content-Disposition"]
            assert response.headers["Cache-Control"] == "no-store"


def test_nobody_gets_a_handover_without_signing_in(visitor: JudgingClient) -> None:
    assert visitor.get("/beitritt/uebergabe.zip").status_code == 302
    assert visitor.get("/zusagen/nachweispaket.zip").status_code == 302
