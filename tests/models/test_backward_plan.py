"""Can we still make it? The rule with everything passed in, and the facts it reads."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from models.application.declarations import Declaration
from models.application.phases import Phase, the_application
from models.application.states import ApplicationState
from models.backward_plan.facts import known, next_gathering
from models.backward_plan.lead_times import LEAD_TIMES, LeadTime, LeadUnit, Step
from models.backward_plan.plan import Fact, Plan, Verdict, plan
from models.commitments.checklist import Commitment, CommitmentState
from models.conferences.conferences import Conference, ConferenceDeadline, ConferenceStatus, Participation
from models.contacts.organisations import Organisation
from models.council.papers import Paper, Resolution
from models.database import Database
from models.officers import Officer

FIRST, LAST = date(2027, 7, 2), date(2027, 8, 9)
DONE = Fact(is_done=True)


TODAY = date(2026, 11, 23)


def asked(today: date, facts: dict[Step, Fact] | None = None, first: date = FIRST, last: date = LAST) -> Plan:
    return plan(first, last, facts or {}, today, "SN")


def step_of(found: Plan, step: Step) -> Any:
    return next(row for row in found.steps if row.step is step)


# The last days


def test_every_step_is_counted_back_from_the_earliest_and_from_the_latest_start() -> None:
    days = {row.step: (row.early, row.late) for row in asked(date(2026, 9, 1)).steps}
    assert days == {
        Step.DECLARATIONS: (date(2026, 10, 28), date(2026, 12, 8)),
        Step.PAPER: (date(2026, 11, 4), date(2026, 12, 15)),
        Step.COUNCIL: (date(2026, 12, 16), date(2027, 1, 26)),
        Step.INTENT: (date(2026, 12, 23), date(2027, 2, 2)),
        Step.CONSORTIUM: (date(2026, 12, 31), date(2027, 2, 9)),
        Step.MAP: (date(2026, 12, 31), date(2027, 2, 9)),
        Step.TALKS: (date(2026, 12, 31), date(2027, 2, 9)),
        Step.SUBMISSION: (date(2026, 12, 31), date(2027, 2, 9)),  # 2 January is a Saturday, the 1st a holiday
        Step.TRAVEL: (date(2027, 2, 2), date(2027, 3, 9)),
        Step.DELEGATE: (date(2027, 4, 2), date(2027, 5, 7)),
        Step.PRESS: (date(2027, 6, 2), date(2027, 7, 9)),
    }


def test_the_steps_come_in_the_order_of_their_last_days() -> None:
    steps = [row.step for row in asked(date(2026, 9, 1)).steps]
    assert steps == list(Step)


def test_a_last_day_on_a_holiday_of_the_state_is_the_working_day_before() -> None:
    lead = LeadTime(Step.PRESS, None, 1, LeadUnit.MONTHS, "")
    # 18.11.2026 is the Day of Repentance: a holiday in Saxony only.
    assert lead.latest(date(2026, 12, 18), "SN") == date(2026, 11, 17)
    assert lead.latest(date(2026, 12, 18), "BY") == date(2026, 11, 18)


def test_six_months_before_the_31_august_is_the_last_of_february() -> None:
    lead = LeadTime(Step.SUBMISSION, None, 6, LeadUnit.MONTHS, "")
    assert lead.latest(date(2028, 8, 31), "SN") == date(2028, 2, 29)
    assert lead.latest(date(2027, 8, 31), "SN") == date(2027, 2, 26)  # the 28th is a Sunday


def test_every_lead_time_names_its_source_and_comes_after_what_it_waits_for() -> None:
    seen: set[Step | None] = {None}
    for lead in LEAD_TIMES:
        assert lead.before in seen, lead
        assert all((lead.source, lead.as_of)), lead.step
        seen.add(lead.step)
    assert seen == {None, *Step}


# The answer


@pytest.mark.parametrize(
    ("today", "answer"),
    [
        (date(2026, 9, 30), Verdict.REACHABLE),  # four weeks until the first last day
        (date(2026, 10, 1), Verdict.TIGHT),  # a day less
        (date(2026, 10, 28), Verdict.TIGHT),  # the cautious last day itself
        (date(2026, 10, 29), Verdict.TIGHT),  # only with a late start
        (date(2026, 12, 8), Verdict.TIGHT),  # the very last day
        (date(2026, 12, 9), Verdict.TOO_LATE),
    ],
)
def test_reachable_tight_or_only_the_next_one(today: date, answer: Verdict) -> None:
    assert asked(today).verdict is answer


def test_a_tight_answer_names_the_steps_on_which_it_hangs() -> None:
    found = asked(date(2026, 10, 26))
    assert [row.step for row in found.deciding] == [Step.DECLARATIONS, Step.PAPER]
    assert not found.needs_late_start
    assert asked(date(2026, 9, 1)).deciding == []


def test_where_only_a_late_start_helps_the_steps_are_named_whose_cautious_day_has_passed() -> None:
    found = asked(date(2026, 11, 23), {Step.DECLARATIONS: DONE})
    assert found.needs_late_start
    assert [(row.step, row.late) for row in found.deciding] == [(Step.PAPER, date(2026, 12, 15))]
    assert step_of(found, Step.COUNCIL).verdict is Verdict.TIGHT


def test_what_is_done_does_not_hold_the_answer_back() -> None:
    found = asked(date(2026, 12, 9), {Step.DECLARATIONS: DONE})
    assert found.verdict is Verdict.TIGHT
    assert step_of(found, Step.DECLARATIONS).verdict is None


def test_what_only_prepares_a_step_that_is_done_is_not_needed_any_more() -> None:
    found = asked(date(2027, 1, 4), {Step.SUBMISSION: DONE})
    assert found.verdict is Verdict.REACHABLE
    assert [row.step for row in found.open] == [Step.TRAVEL, Step.DELEGATE, Step.PRESS]
    assert step_of(found, Step.DECLARATIONS).fact.is_needless


def test_with_everything_done_it_is_reachable_until_it_begins() -> None:
    facts = dict.fromkeys(Step, DONE)
    assert asked(LAST, facts).verdict is Verdict.REACHABLE


def test_after_the_latest_start_it_is_too_late_whatever_is_done() -> None:
    facts = dict.fromkeys(Step, DONE)
    assert asked(date(2027, 8, 10), facts).verdict is Verdict.TOO_LATE


def test_with_a_known_date_there_is_one_last_day() -> None:
    found = asked(date(2026, 12, 1), first=date(2027, 7, 5), last=date(2027, 7, 5))
    assert all(row.early == row.late for row in found.steps)
    assert found.verdict is Verdict.TOO_LATE


def test_a_deadline_of_its_own_wins_and_moves_what_comes_before() -> None:
    found = asked(date(2026, 12, 1), {Step.SUBMISSION: Fact(due_on=date(2027, 4, 30), deadline_id=3)})
    assert step_of(found, Step.SUBMISSION).early == step_of(found, Step.SUBMISSION).late == date(2027, 4, 30)
    assert step_of(found, Step.INTENT).early == date(2027, 4, 23)
    assert found.verdict is Verdict.REACHABLE


def test_one_is_reminded_of_the_cautious_day_as_long_as_it_lies_ahead() -> None:
    found = asked(date(2026, 12, 16))
    assert step_of(found, Step.COUNCIL).look_again_on(date(2026, 12, 16)) == date(2026, 12, 16)
    assert step_of(found, Step.COUNCIL).look_again_on(date(2026, 12, 17)) == date(2027, 1, 26)
    assert step_of(found, Step.PAPER).look_again_on(date(2026, 12, 16)) is None
    done = asked(date(2026, 12, 16), {Step.COUNCIL: DONE})
    assert step_of(done, Step.COUNCIL).look_again_on(date(2026, 12, 1)) is None


def test_other_lead_times_and_another_slack_can_be_passed_in() -> None:
    only = [replace(LEAD_TIMES[0], amount=2)]
    found = plan(FIRST, LAST, {}, date(2027, 4, 20), "SN", only, slack_weeks=1)
    assert [(row.early, row.verdict) for row in found.steps] == [(date(2027, 4, 30), Verdict.REACHABLE)]


# The facts, entered once elsewhere


def fab27(session: Session) -> Conference:
    return session.exec(select(Conference).where(Conference.name == "FAB27")).one()


def declare(session: Session, *days: date) -> None:
    for number, day in enumerate(days):
        lab = Organisation(name=f"Lab {number}")
        session.add(lab)
        session.flush()
        session.add(Declaration(application_id=1, organisation_id=lab.key, declared_on=day))
    session.flush()


def facts(session: Session) -> dict[Step, Fact]:
    return known(session, fab27(session), TODAY).facts


def test_the_starter_data_know_of_nothing_done_and_of_the_resolution_of_2020(database: Database, now) -> None:
    with database.read(now) as session:
        found = known(session, fab27(session), TODAY)
    assert found.facts == {}
    assert found.resolution_on == date(2020, 6, 10)
    assert not found.condition.is_met


def test_two_declarations_are_the_first_step_and_one_withdrawn_undoes_it(database: Database, now) -> None:
    with database.write(now) as session:
        declare(session, date(2026, 11, 1))
        assert facts(session) == {}
        declare(session, date(2026, 11, 20))
        assert facts(session)[Step.DECLARATIONS].since == date(2026, 11, 20)
        session.exec(select(Declaration)).all()[0].withdrawn_on = date(2026, 11, 22)
        session.flush()
        assert facts(session) == {}


def test_only_a_resolution_since_the_declarations_is_the_council_s_step(database: Database, now) -> None:
    with database.write(now) as session:
        declare(session, date(2026, 11, 1), date(2026, 11, 20))
        assert Step.COUNCIL not in facts(session)
        session.add(Paper(reference="VIII-Ifo-00001", dated_on=date(2026, 11, 21)))
        session.flush()
        assert facts(session)[Step.PAPER].since == date(2026, 11, 21)
        paper = session.exec(select(Paper).where(Paper.reference == "VIII-Ifo-00001")).one()
        session.add(Resolution(paper_id=paper.key, adopted_on=date(2026, 12, 16), adopted_as=paper.reference))
        session.flush()
        assert facts(session)[Step.COUNCIL].since == date(2026, 12, 16)


def test_items_phases_and_the_application_tell_of_the_other_steps(database: Database, now) -> None:
    with database.write(now) as session:
        items = {item.code: item for item in session.exec(select(Commitment))}
        items["consortium"].state, items["consortium"].checked_on = (
            CommitmentState.FULFILLED,
            date(2026, 11, 2),
        )
        items["council_info"].state = CommitmentState.DROPPED
        rows = {phase.code: phase for phase in session.exec(select(Phase))}
        rows["talks"].closed_on = date(2026, 11, 3)
        session.flush()
        found = facts(session)
        assert (found[Step.CONSORTIUM].since, found[Step.TALKS].since) == (
            date(2026, 11, 2),
            date(2026, 11, 3),
        )
        assert found[Step.COUNCIL].is_needless
        the_application(session).state = ApplicationState.SUBMITTED
        session.flush()
        assert facts(session)[Step.SUBMISSION].is_done


def test_who_goes_and_the_deadlines_of_this_conference_count(database: Database, now, anna: Officer) -> None:
    with database.write(now) as session:
        key = fab27(session).key
        session.add(Participation(conference_id=key, officer_id=anna.key))
        approval = ConferenceDeadline(conference_id=key, name="Dienstreiseantrag", due_on=date(2027, 1, 15))
        session.add(approval)
        session.add(ConferenceDeadline(conference_id=key, name="Anmeldung", due_on=date(2027, 1, 10)))
        session.flush()
        found = facts(session)
        assert found[Step.DELEGATE].is_done
        assert (found[Step.TRAVEL].due_on, found[Step.TRAVEL].deadline_id) == (
            date(2027, 1, 15),
            approval.key,
        )
        approval.done_on = date(2027, 1, 5)
        session.flush()
        assert facts(session)[Step.TRAVEL].since == date(2027, 1, 5)
        other = session.exec(select(Conference).where(Conference.name == "FAB28")).one()
        assert known(session, other, TODAY).facts == {}


def test_a_participation_of_somebody_who_left_is_nobody(database: Database, now) -> None:
    with database.write(now) as session:
        session.add(Participation(conference_id=fab27(session).key, officer_id=None, role="Delegierte"))
        session.flush()
        assert facts(session) == {}


def test_the_next_gathering_is_the_next_fabx_that_can_be_planned(database: Database, now, today) -> None:
    with database.write(now) as session:
        found = next_gathering(session, today)
        assert found is not None
        assert found.name == "FAB27"
        found.status = ConferenceStatus.CANCELLED
        session.flush()
        later = next_gathering(session, today)
        assert later is not None
        assert later.name == "FAB28"
        assert next_gathering(session, date(2029, 1, 1)) is None
