"""The timeline: every day of the case in its order, as a table, a file and a picture."""

from datetime import date

import lxml.html

from models.timeline import Lane, Moment
from tests.judge import JudgingClient
from webapp.application.timeline_picture import LEFT, RIGHT, picture


def test_days_of_council_phases_states_and_conferences_stand_in_their_order(client: JudgingClient) -> None:
    client.post("/beitritt/phasen/1/bearbeiten", data={"due_on": "1.3.2027", "version": "1"})
    client.post(
        "/beitritt/erklaerungen/neu",
        data={"new_organisation": "Makerspace Nord", "declared_on": "20.11.2026"},
    )
    typed = {"state": "paused", "state_since": "15.11.2026", "reason": "Haushalt", "version": "1"}
    client.post("/beitritt/stand", data=typed)
    page = lxml.html.document_fromstring(client.get("/beitritt/zeitachse").text)
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//main//tbody/tr")]
    days = [row.split()[0] for row in rows]
    assert days == sorted(days, key=lambda day: day.split(".")[::-1])
    text = "\n".join(rows)
    for said in (
        "10.06.2020 Ratsversammlung (VII-A-00726): geändert beschlossen",
        "25.03.2020 Ratsversammlung (VII-A-00726, VII-A-00726-VSP-01): abgesagt",
        "15.11.2026 Stand: ruht",
        "20.11.2026 Makerspace Nord: Beitrittswunsch erklärt",
        "01.03.2027 geplant Idee und Auftrag: Phase fällig",
    ):
        assert said in text, text
    assert "FAB27" not in text  # nobody knows its day, so it is in no table of days …
    assert "FAB27" in page.text_content()  # … but the page says so
    drawing = page.xpath("//svg")[0]
    assert drawing.getparent().get("aria-hidden") == "true"
    assert len(drawing.xpath(".//circle")) == len(rows)
    csv = client.get("/beitritt/zeitachse.csv").data.decode("utf-8-sig")
    assert csv.count("\r\n") == len(rows) + 1
    assert "aria-hidden" in client.get("/beitritt/zeitachse?ansicht=druck").text


def test_the_picture_stays_between_its_edges_also_with_a_single_day_or_none() -> None:
    today = date(2026, 11, 23)
    assert picture([], today) is None
    moments = [
        Moment(day, Lane.PHASE, "", "x", "x", "phase", 1)
        for day in (date(1999, 1, 1), date(2026, 11, 23), date(2031, 12, 31))
    ]
    for some in (moments[1:2], moments):
        drawn = picture(some, today)
        assert drawn is not None
        assert all(LEFT <= dot.x <= RIGHT for dot in drawn.dots)
        assert LEFT <= drawn.today <= RIGHT
        assert len(drawn.years) < 25


def test_a_case_without_any_day_says_so(client: JudgingClient) -> None:
    client.post("/beitritt/netze/neu", data={"network": "Covenant of Mayors"})
    page = client.get("/beitritt/zeitachse?netz=2").text
    assert "Covenant of Mayors" in page
