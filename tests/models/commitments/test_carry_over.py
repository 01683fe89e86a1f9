"""A second edition: every answer is confirmed by a person, and nothing of the old edition is lost."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from models.application.phases import the_application
from models.catalogue.phases import add_phases, missing_phases, phase_ids, phase_texts
from models.comments import Comment
from models.commitments.adopting import StillUndecidedError, adopt
from models.commitments.carry_over import CarryOver, Decision
from models.commitments.checklist import Commitment, CommitmentState, add_own, commitments, item_of_code
from models.commitments.differences import Change
from models.commitments.edition_file import read, write
from models.commitments.edition_items import add_item, edition_text, make_draft, move_item, renew_hash
from models.commitments.edition_text import EditionText, PhaseText
from models.commitments.editions import EditionState, HandbookEdition, the_edition
from models.commitments.proofs import CommitmentProof, link, proof_states, unlink
from models.commitments.taking_over import CannotDecideError, Comparison, compare, decide, take_back
from models.database import Database
from models.evidence.evidence import Evidence, EvidenceKind, EvidenceRevision, EvidenceState, add_revision
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer

ALL = Decision.CONFIRMED


def codes(session: Session) -> dict[int, str]:
    return {key: code for code, key in phase_ids(session).items()}


def current_text(session: Session) -> EditionText:
    return edition_text(session, the_edition(session), "Netz", phase_texts(session), codes(session))


def second(session: Session) -> HandbookEdition:
    """The first edition with one item reworded, one under another key, one gone and one new."""
    text = current_text(session)
    items = list(text.items)
    items[0] = replace(items[0], label_de="Mindestens drei Fab-Lab-Akteure erklären ihren Beitrittswunsch")
    items[6] = replace(
        items[6], code="map", label_de="Ökosystem kartiert: Labs, Betriebe, Werkstätten, Projekte"
    )
    items[7] = replace(
        items[1], code="numbers", label_de="Quartalszahlen veröffentlichen", wanted_de="Bericht"
    )
    return make_draft(
        session,
        the_application(session).key,
        replace(text, code="fab-city-2027", name="Handbuch 2027", items=tuple(items)),
        phase_ids(session),
    )


def prove(session: Session, item: Commitment, now: datetime) -> Evidence:
    evidence = Evidence(name=f"Nachweis zu {item.code}")
    session.add(evidence)
    session.flush()
    add_revision(
        session,
        evidence,
        EvidenceRevision(evidence_id=0, kind=EvidenceKind.LINK, url="https://example.org/x", added_at=now),
    )
    link(session, item.key, evidence.key, now, None)
    return evidence


def answer(session: Session, now: datetime, officer: Officer) -> dict[str, Commitment]:
    """The city's answers: five of the list and one of its own."""
    found = {
        code: item_of_code(session, code)
        for code in ("actors_wish", "understand", "ecosystem_map", "declaration", "talk")
    }
    items = {code: item for code, item in found.items() if item is not None}
    wish = items["actors_wish"]
    wish.state, wish.responsible_id, wish.due_on = CommitmentState.FULFILLED, officer.key, date(2027, 3, 1)
    wish.file_number, wish.record_url, wish.note = "10.1/2026", "https://akte.example/1", "zwei Erklärungen"
    wish.checked_on, wish.checked_by_id = date(2026, 10, 1), officer.key
    items["understand"].state = CommitmentState.FULFILLED
    items["understand"].checked_on, items["understand"].checked_by_id = date(2026, 10, 1), officer.key
    items["ecosystem_map"].state, items["ecosystem_map"].note = (
        CommitmentState.IN_PROGRESS,
        "Karte halb fertig",
    )
    items["declaration"].state, items["declaration"].drop_reason = CommitmentState.DROPPED, "vertagt"
    items["own"] = add_own(
        session, Commitment(edition_id=the_edition(session).key, label_de="Newsletter", position=99)
    )
    session.flush()
    for code in ("actors_wish", "understand", "ecosystem_map"):
        prove(session, items[code], now)
    session.add(
        FollowUp(kind=FollowUpKind.WAITING, subject_kind="commitment", subject_id=items["talk"].key, what="Antwort",
                 due_on=date(2026, 12, 1))
    )  # fmt: skip
    session.add(
        FollowUp(kind=FollowUpKind.TASK, subject_kind="commitment", subject_id=wish.key, what="Getan",
                 due_on=date(2026, 10, 1), done_on=date(2026, 10, 2))
    )  # fmt: skip
    session.add(
        Comment(subject_kind="commitment", subject_id=wish.key, body="Siehe Protokoll", written_at=now)
    )
    session.flush()
    return items


def rows_of(comparison: Comparison) -> dict[str, Any]:
    return {row.old.code: row for row in comparison.rows}


def looked_at(session: Session, draft: HandbookEdition) -> Comparison:
    return compare(session, the_edition(session), draft, codes(session))


def put_in_force(session: Session, draft: HandbookEdition, now: datetime, today: date) -> Any:
    old = the_edition(session)
    return adopt(session, old, draft, now, today, codes(session), with_follow_ups=True, with_comments=True)


def everything(session: Session, edition: HandbookEdition) -> list[dict[str, Any]]:
    """All that an edition holds: items, proofs, evidence and its revisions, as plain values."""
    items = session.exec(select(Commitment).where(Commitment.edition_id == edition.key)).all()
    keys = [item.key for item in items]
    proofs = [p for p in session.exec(select(CommitmentProof)) if p.commitment_id in keys]
    evidence = [*session.exec(select(Evidence)), *session.exec(select(EvidenceRevision))]
    rows = [*items, *proofs, *evidence]
    return sorted((row.model_dump() for row in rows), key=lambda row: (sorted(row), row["id"]))


def test_a_second_edition_is_carried_over_and_nothing_of_the_first_is_lost(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    with database.write(now, anna.key) as session:
        items = answer(session, now, anna)
        old, draft = the_edition(session), second(session)
        session.add(
            Commitment(
                edition_id=draft.key, code=items["own"].code, label_de="Newsletter aus Excel", position=50
            )
        )
        session.flush()
        before = everything(session, old)
        new = {item.code: item for item in commitments(session, edition=draft)}
        assert all(item.state is CommitmentState.OPEN and item.due_on is None for item in new.values())

        found = looked_at(session, draft)
        rows = rows_of(found)
        assert [row.old.code for row in found.undecided] == [
            "actors_wish", "understand", "ecosystem_map", "declaration", "talk", items["own"].code,
        ]  # fmt: skip
        assert rows["actors_wish"].difference.change is Change.REWORDED
        assert rows["ecosystem_map"].new == new["map"]  # a proposal, by wording
        assert rows["declaration"].new is None
        assert [item.code for item in found.new] == ["map", "numbers", items["own"].code]
        assert [rows[code].is_plain for code in ("understand", "actors_wish", "ecosystem_map")] == [
            True,
            False,
            False,
        ]

        with pytest.raises(StillUndecidedError):
            put_in_force(session, draft, now, today)
        assert the_edition(session).key == old.key

        decide(session, draft, items["actors_wish"], ALL, today, to=new["actors_wish"])
        decide(session, draft, items["understand"], ALL, today, to=new["understand"])
        decide(session, draft, items["ecosystem_map"], ALL, today, to=new["map"])
        decide(session, draft, items["talk"], ALL, today, to=new["talk"])
        decide(session, draft, items["own"], ALL, today)
        assert [row.old.code for row in looked_at(session, draft).undecided] == ["declaration"]
        decide(
            session,
            draft,
            items["declaration"],
            Decision.REFUSED,
            today,
            reason="steht nicht mehr im Handbuch",
        )
        done = put_in_force(session, draft, now, today)
        session.commit()
        assert (done.answers, done.refused, done.follow_ups, done.comments) == (5, 1, 1, 1)

    with database.read(now) as session:
        current = the_edition(session)
        assert (current.code, current.state, current.adopted_on) == (
            "fab-city-2027",
            EditionState.CURRENT,
            today,
        )
        earlier = session.get_one(HandbookEdition, old.key)
        assert earlier.state is EditionState.SUPERSEDED
        assert everything(session, earlier) == before  # not one value of it is another
        now_there = {item.code: item for item in commitments(session)}
        assert len(now_there) == 25
        wish = now_there["actors_wish"]
        assert wish.label_de.startswith("Mindestens drei")
        assert (wish.state, wish.responsible_id, wish.due_on) == (
            CommitmentState.FULFILLED,
            anna.key,
            date(2027, 3, 1),
        )
        assert (wish.file_number, wish.record_url, wish.note) == (
            "10.1/2026", "https://akte.example/1", "zwei Erklärungen",
        )  # fmt: skip
        assert (wish.checked_on, wish.checked_by_id) == (today, anna.key)  # other words: whoever confirmed it
        assert now_there["understand"].checked_on == date(2026, 10, 1)  # the same words: whoever looked at it
        assert now_there["map"].note == "Karte halb fertig"
        assert now_there["numbers"].state is CommitmentState.OPEN
        assert "declaration" not in now_there
        [own] = [item for item in now_there.values() if item.is_own]  # its key was taken in the draft
        assert (own.label_de, own.edition_id) == ("Newsletter", current.key)
        assert own.code != items["own"].code
        proofs = proof_states(session, today)
        assert proofs[wish.key] is proofs[now_there["map"].key] is EvidenceState.PRESENT
        assert proofs[items["actors_wish"].key] is EvidenceState.PRESENT  # the old edition shows it too
        waiting, task = session.exec(
            select(FollowUp).where(FollowUp.subject_kind == "commitment").order_by(FollowUp.what)
        ).all()
        assert (waiting.subject_id, task.subject_id) == (now_there["talk"].key, items["actors_wish"].key)
        assert session.exec(select(Comment)).one().subject_id == wish.key
        refused = session.exec(select(CarryOver).where(CarryOver.decision == Decision.REFUSED)).one()
        assert (refused.from_id, refused.to_id, refused.decided_by_id) == (
            items["declaration"].key,
            None,
            anna.key,
        )


def test_what_changed_after_it_was_decided_is_asked_for_once_more(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    with database.write(now, anna.key) as session:
        items = answer(session, now, anna)
        draft = second(session)
        new = {item.code: item for item in commitments(session, edition=draft)}

        def confirm(code: str) -> None:
            decide(session, draft, items[code], ALL, today, to=new[code])

        def waits(code: str) -> bool:
            return code in [row.old.code for row in looked_at(session, draft).undecided]

        confirm("understand")
        confirm("actors_wish")
        assert not waits("understand")
        items["understand"].state = CommitmentState.OPEN  # a colleague works on
        session.flush()
        assert waits("understand")
        assert not waits("actors_wish")
        confirm("understand")
        assert not waits("understand")
        [proof] = [
            p for p in session.exec(select(CommitmentProof)) if p.commitment_id == items["understand"].key
        ]
        unlink(session, items["understand"].key, proof.evidence_id, now, anna.key)
        session.flush()
        assert waits("understand")
        confirm("understand")
        move_item(session, new["understand"], up=True)
        assert not waits("understand")
        new["understand"].label_de = "Ganz anders"
        session.flush()
        assert waits("understand")
        take_back(session, draft, items["actors_wish"])
        assert waits("actors_wish")


def test_two_editions_are_compared_in_as_many_queries_however_many_answers_there_are(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    statements: list[str] = []

    def looked(session: Session, draft: HandbookEdition) -> int:
        session.expire_all()
        statements.clear()
        looked_at(session, draft)
        return len(statements)

    with database.write(now, anna.key) as session:
        items = answer(session, now, anna)
        draft = second(session)
        new = {item.code: item for item in commitments(session, edition=draft)}
        decide(session, draft, items["talk"], ALL, today, to=new["talk"])
        event.listen(database.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        before = looked(session, draft)
        for item in commitments(session, edition=the_edition(session)):
            item.note = "bearbeitet"
            prove(session, item, now)
            if item.code in new:
                decide(session, draft, item, ALL, today, to=new[item.code])
        assert looked(session, draft) == before


def test_decisions_that_make_no_sense_are_refused(
    database: Database, now: datetime, today: date, anna: Officer
) -> None:
    with database.write(now, anna.key) as session:
        items = answer(session, now, anna)
        old, draft = the_edition(session), second(session)
        new = {item.code: item for item in commitments(session, edition=draft)}
        decide(session, draft, items["talk"], ALL, today, to=new["talk"])
        for attempt in (
            {"decision": ALL, "to": None},
            {"decision": ALL, "to": items["talk"]},  # of the old edition
            {"decision": ALL, "to": new["talk"]},  # has an answer already
            {"decision": Decision.REFUSED, "reason": ""},
        ):
            with pytest.raises(CannotDecideError):
                decide(session, draft, items["understand"], today=today, **attempt)  # type: ignore[arg-type]
        with pytest.raises(CannotDecideError):
            decide(session, old, items["understand"], ALL, today, to=new["understand"])


def test_a_draft_is_edited_and_its_hash_follows(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        draft = second(session)
        before = draft.content_hash
        add_item(session, draft, Commitment(edition_id=0, label_de="Bündnis: Form gewählt"))
        add_item(session, draft, Commitment(edition_id=0, label_de="Bündnis: Form gewählt"))
        items = commitments(session, edition=draft)
        assert [item.code for item in items[-2:]] == ["buendnis-form-gewaehlt", "buendnis-form-gewaehlt-2"]
        move_item(session, items[-1], up=True)
        move_item(session, items[0], up=True)  # is the first one already
        moved = commitments(session, edition=draft)
        assert [i.code for i in moved[-2:]] == ["buendnis-form-gewaehlt-2", "buendnis-form-gewaehlt"]
        assert [i.position for i in moved] == list(range(25))
        renew_hash(session, draft, codes(session))
        assert draft.content_hash != before
        text = edition_text(session, draft, "Netz", phase_texts(session), codes(session))
        assert read(write(text).encode()).edition == text
        assert text.content_hash() == draft.content_hash


def test_items_of_the_citys_own_belong_to_no_editions_file(database: Database, now: datetime) -> None:
    with database.write(now) as session:
        before = current_text(session)
        add_own(session, Commitment(edition_id=the_edition(session).key, label_de="Newsletter"))
        assert current_text(session) == before
        again = make_draft(session, the_application(session).key, before, phase_ids(session))
        assert again.code == f"{before.code}-2"  # the key was taken
        assert len(commitments(session, edition=again)) == 23


def test_phases_that_are_missing_are_added_behind_those_that_are_there(
    database: Database, now: datetime
) -> None:
    with database.write(now) as session:
        wanted = [
            PhaseText("idea", "Anders", "", ()),
            PhaseText("review", "Durchsicht", "Review", ("idea", "announced")),
        ]
        missing = missing_phases(session, wanted)
        assert [phase.code for phase in missing] == ["review"]
        add_phases(session, the_application(session).key, missing)
        texts = phase_texts(session)
        assert texts[-1] == PhaseText("review", "Durchsicht", "Review", ("idea", "announced"))
        assert texts[0].label_de == "Idee und Auftrag"
