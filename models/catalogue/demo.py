"""The demonstration: ten weeks of invented work by invented colleagues. `./run --demo` alone loads it, into a database
of its own. Nothing here speaks of a real person, and no invented row hides that it is invented."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.application.phases import Phase, the_application
from models.catalogue import demo_consortium, demo_contacts, invented
from models.catalogue.invented import CITY_HALL, LAB_ONE, LAB_TWO, NOTE_DE, marked
from models.catalogue.story import Story
from models.city import the_city
from models.commitments.checklist import Commitment, CommitmentState, mark_checked
from models.commitments.principles import Principle, PrincipleState
from models.commitments.proofs import link
from models.conferences.conferences import ConferenceDeadline, finish
from models.contacts.organisations import Organisation
from models.contacts.people import Person
from models.contacts.talks import Talk, record_talk
from models.evidence.evidence import Evidence, add_revision
from models.followups import FollowUp, FollowUpKind
from models.officers import Officer
from models.reminders.answering import again_in_a_week, mark_done
from models.reminders.asking import When, Whom, remind_of
from models.reminders.letters import MailSettings, compose_invitation, compose_test
from models.reminders.rules import ReminderRule, SubjectKind, Unit
from models.reminders.subjects import load_subject

WEEKS = 10


def load_demo(session: Session, now: datetime, today: date, base_url: str) -> None:
    """Play the invented weeks before `today`. Nothing is committed; `session.info` is afterwards as it was."""
    session.flush()  # what the starter data changed is not an officer's work
    before = dict(session.info)
    city = the_city(session)
    city.unit_email = "referat@lotse.example"
    mail = MailSettings(base_url, "lotse@lotse.example")
    story = Story(session, now, city.time_zone, city.state, today - timedelta(weeks=WEEKS), mail)
    for rule in session.exec(select(ReminderRule)):
        rule.effective_from = rule.queued_until = story.at
    session.flush()
    session.info.pop("unrecorded", None)
    _Demo(session, story).play()
    session.info.clear()
    session.info.update(before)


class _Demo:
    """The chapters, in the order of their days."""

    def __init__(self, session: Session, story: Story) -> None:
        self.session, self.story = session, story

    def play(self) -> None:
        with self.story.step(self.story.day(-70), None):
            found = invented.colleagues()
            self._add(*found)
        self.mira, self.emil, self.paula, self.sam = found
        chapters: list[tuple[int, Officer, Callable[[datetime, date], None]]] = [
            (-69, self.mira, self._begin),
            (-66, self.emil, self._organisations),
            (-62, self.mira, self._understood),
            (-55, self.emil, self._first_declaration),
            (-48, self.paula, self._people),
            (-45, self.emil, self._network_contacts),
            (-41, self.paula, self._meeting),
            (-34, self.mira, self._consortium),
            (-27, self.emil, self._second_declaration),
            (-20, self.sam, self._talks),
            (-13, self.mira, self._principles),
            (-13, self.sam, self._no_answer_yet),
            (-9, self.paula, self._network_talks),
            (-6, self.paula, self._done_by_mail),
            (-1, self.emil, self._yesterday),
        ]
        for offset, who, chapter in chapters:
            day = self.story.day(offset)
            with self.story.step(day, who) as at:
                chapter(at, day)
        self.story.play_until(self.story.now)

    # What the chapters are made of

    def _add(self, *rows: object) -> None:
        self.session.add_all(rows)
        self.session.flush()

    def _item(self, code: str) -> Commitment:
        return self.session.exec(select(Commitment).where(Commitment.code == code)).one()

    def _phase(self, code: str) -> Phase:
        return self.session.exec(select(Phase).where(Phase.code == code)).one()

    def _ids(self) -> dict[str, int]:
        found = self.session.exec(select(Organisation).where(Organisation.source == invented.SOURCE))
        return {organisation.name.removesuffix(marked("")): organisation.key for organisation in found}

    def _plan(self, code: str, who: Officer, deputy: Officer, due: int) -> None:
        item, responsible_id, deputy_id = self._item(code), who.key, deputy.key
        item.state, item.due_on = CommitmentState.IN_PROGRESS, self.story.day(due)
        item.responsible_id, item.deputy_id = responsible_id, deputy_id
        item.note = item.note or f"Frist und Zuständigkeit: {NOTE_DE}"

    def _fulfil(self, code: str, who: Officer, day: date) -> Commitment:
        item, responsible_id = self._item(code), who.key
        item.state, item.responsible_id, item.note = CommitmentState.FULFILLED, responsible_id, NOTE_DE
        mark_checked(item, responsible_id, day)
        return item

    def _prove(
        self,
        item: Commitment,
        name: str,
        at: datetime,
        by: Officer,
        day: date,
        valid_until: date | None = None,
    ) -> None:
        evidence = Evidence(name=marked(name), owner_id=by.key, note=NOTE_DE)
        self._add(evidence)
        add_revision(self.session, evidence, invented.revision(item, at, by, day, valid_until))
        link(self.session, item.key, evidence.key, at, by.key)

    def _declare(self, lab: str, day: date) -> None:
        application_id = the_application(self.session).key
        self._add(invented.declaration(application_id, self._ids()[lab], day, f"Vorstand, {lab}"))

    def _follow_up(self, kind: FollowUpKind) -> FollowUp:
        found = select(FollowUp).where(FollowUp.kind == kind, col(FollowUp.note).startswith(NOTE_DE))
        return self.session.exec(found).one()

    # The chapters

    def _begin(self, at: datetime, day: date) -> None:
        application, city = the_application(self.session), the_city(self.session)
        application.case_lead_id, application.deputy_id = self.mira.key, self.emil.key
        application.file_number, application.note = marked("DEMO-001"), NOTE_DE
        for colleague in (self.emil, self.paula, self.sam):
            compose_invitation(self.session, colleague, self.mira, "used", self.story.mail, at)
        compose_test(self.session, self.mira, self.story.mail, at)
        self.story.file_mails(at)
        city.mail_checked_on = day

    def _organisations(self, at: datetime, day: date) -> None:
        self._add(*invented.organisations())

    def _understood(self, at: datetime, day: date) -> None:
        understood = self._fulfil("understand", self.mira, day)
        read = self._fulfil("handbook_read", self.mira, day)
        settled = self._fulfil("owner_settled", self.mira, day)
        expired = self.story.day(-5)
        self._prove(understood, "Vermerk zum Infotermin", at, self.mira, day)
        self._prove(read, "Abgleich mit der Handbuchseite", at, self.mira, day, expired)
        self._prove(settled, "Entscheidung zur Zuständigkeit", at, self.mira, day)
        self._phase("idea").closed_on = day

    def _first_declaration(self, at: datetime, day: date) -> None:
        self._plan("actors_wish", self.emil, self.mira, -24)
        self._declare(LAB_ONE, day)

    def _people(self, at: datetime, day: date) -> None:
        self._add(*invented.people(self._ids(), day))

    def _network_contacts(self, at: datetime, day: date) -> None:
        demo_contacts.add_contacts(self.session, self.story.today)
        demo_contacts.talk_to(self.session, 0, day)

    def _network_talks(self, at: datetime, day: date) -> None:
        demo_contacts.talk_to(self.session, 1, day)

    def _meeting(self, at: datetime, day: date) -> None:
        meeting = invented.meeting(self.story.day(90), day, self.paula)
        self._add(meeting)
        self._add(
            invented.participation(meeting, self.paula, "Vortrag"),
            invented.participation(meeting, self.sam, "Teilnahme"),
            invented.deadline(meeting, "Vortrag anmelden", self.story.day(-12), self.paula, self.mira),
            invented.deadline(
                meeting, "Dienstreise genehmigen lassen", self.story.day(9), self.sam, self.mira
            ),
            invented.deadline(meeting, "Anmeldung zum Frühpreis", self.story.day(30), self.paula, self.mira),
        )
        subject = load_subject(self.session, SubjectKind.CONFERENCE, meeting.key)
        if subject is not None:
            remind_of(self.session, subject, When(30, Unit.DAYS), Whom(participants=True), at)
            remind_of(self.session, subject, When(14, Unit.WEEKS), Whom(everyone=True), at)

    def _consortium(self, at: datetime, day: date) -> None:
        self._plan("consortium", self.mira, self.emil, 20)
        self._plan("legal_form", self.emil, self.mira, -3)
        self._plan("ecosystem_map", self.emil, self.sam, 40)
        named = self._fulfil("named_contact", self.mira, day)
        self._prove(named, "Benennung der Ansprechpersonen", at, self.mira, day)
        demo_consortium.first_partners(self.session, self._ids(), day)
        demo_consortium.costs(self.session, day.year)
        for code, due in (("consortium", 27), ("ecosystem_map", 45), ("talks", 34)):
            phase = self._phase(code)
            phase.responsible_id, phase.deputy_id = self.mira.key, self.emil.key
            phase.due_on, phase.note = self.story.day(due), NOTE_DE

    def _second_declaration(self, at: datetime, day: date) -> None:
        self._declare(LAB_TWO, day)
        wish = self._fulfil("actors_wish", self.emil, day)
        self._prove(wish, "Zwei Erklärungen", at, self.emil, day)
        self._phase("actors_wish").closed_on = day

    def _talks(self, at: datetime, day: date) -> None:
        query = select(Person).where(Person.organisation_id == self._ids()[CITY_HALL])
        said = marked("Erzählt, wie dort das Bündnis entstand")
        next_on, ask = self.story.day(-2), marked("Nach dem Muster der Vereinbarung fragen")
        self.session.info["officer_id"] = self.sam.key
        record_talk(self.session, self.session.exec(query).one(), Talk(day, said, next_on, ask))
        self._fulfil("peer_talk", self.sam, day)  # without proof: the list says so
        self._plan("talk", self.sam, self.mira, 7)
        talk, consortium = self._item("talk"), self._item("consortium")
        self._add(
            invented.waiting(talk, "Terminvorschlag für das Gespräch", day, self.story.day(-13), self.sam),
            invented.task(consortium, "Raum für das Bündnistreffen buchen", self.story.day(-7), self.paula),
        )

    def _principles(self, at: datetime, day: date) -> None:
        states = (PrincipleState.AGREED, PrincipleState.DRAFT, PrincipleState.DRAFT)
        in_order = select(Principle).order_by(col(Principle.number))
        for principle, state in zip(self.session.exec(in_order).all(), states, strict=False):
            principle.state, principle.statement = state, f"Beispieltext. {NOTE_DE}"
            principle.gap = "" if state is PrincipleState.AGREED else marked("Zahlen fehlen noch")
        self._plan("principles", self.paula, self.mira, 48)
        dropped = self._item("digital_declaration")
        dropped.state, dropped.drop_reason = (
            CommitmentState.DROPPED,
            marked("Freiwillig; später noch einmal prüfen"),
        )
        talk = select(ConferenceDeadline).where(ConferenceDeadline.name == marked("Vortrag anmelden"))
        finish(self.session.exec(talk).one(), day)

    def _no_answer_yet(self, at: datetime, day: date) -> None:
        """This morning's mail is answered with "again in a week"."""
        wait = self._follow_up(FollowUpKind.WAITING)
        reminder = self.story.reminder_about("follow_up", wait.key)
        subject = load_subject(self.session, SubjectKind.FOLLOW_UP, wait.key)
        if reminder is not None:
            again_in_a_week(self.session, reminder, subject, self.sam.key, at, day)

    def _done_by_mail(self, at: datetime, day: date) -> None:
        """Yesterday's mail is answered with "done"."""
        task = self._follow_up(FollowUpKind.TASK)
        reminder = self.story.reminder_about("follow_up", task.key)
        subject = load_subject(self.session, SubjectKind.FOLLOW_UP, task.key)
        if reminder is not None:
            mark_done(self.session, reminder, subject, at, day)

    def _yesterday(self, at: datetime, day: date) -> None:
        self._plan("declaration", self.mira, self.emil, 60)
        demo_consortium.draft_of_the_submission(self.session)
        said = "Wer aus der Stadtgesellschaft könnte mitmachen? Bitte Vorschläge."
        demo_consortium.remark(self.session, self._item("consortium"), self.emil, at, said)
        self._item("consortium").note = f"Es fehlt noch jemand aus der Stadtgesellschaft. {NOTE_DE}"
