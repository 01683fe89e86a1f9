"""What the history calls columns and tables."""

from datetime import date
from typing import Any

from models import tables  # noqa: F401  (fills the registry)
from models.application.amounts import typed_text
from models.base import N_, Labelled, Recorded
from models.language import country_name, day_text
from webapp.filters import officer_name
from webapp.titles import subject_title
from webapp.words import _, language

COLUMNS = {
    "state": N_("State"), "drop_reason": N_("Reason"), "responsible_id": N_("Responsible"), "deputy_id": N_("Deputy"),
    "due_on": N_("Due on"), "file_number": N_("File number"), "note": N_("Note"), "checked_on": N_("Checked on"),
    "checked_by_id": N_("Checked by"), "closed_on": N_("Closed on"), "name": N_("Name"), "email": N_("E-mail"),
    "role": N_("Role"), "language": N_("Language"), "left_on": N_("Left on"), "label_de": N_("Title (German)"),
    "label_en": N_("Title (English)"), "wording": N_("Wording"), "wording_source": N_("Source of the wording"),
    "statement": N_("Statement of the city"), "gap": N_("Gap"), "declared_on": N_("Declared on"),
    "withdrawn_on": N_("Withdrawn on"), "withdrawn_reason": N_("Reason"),
    "signed_by": N_("Signed by"), "proof_url": N_("Link to the proof"),
    "organisation_id": N_("Organisation"), "case_lead_id": N_("Case lead"), "network": N_("Network"),
    "starts_on": N_("First day"), "ends_on": N_("Last day"), "date_precision": N_("How exactly the date is known"),
    "year": N_("Year"), "month": N_("Month"), "city": N_("City"), "country_code": N_("Country"), "status": N_("State"),
    "mode": N_("Form"), "website": N_("Website"), "source": N_("Source"), "as_of": N_("State as of"),
    "note_de": N_("Note (German)"), "note_en": N_("Note (English)"), "done_on": N_("Done on"),
    "given_name": N_("Given name"), "family_name": N_("Family name"), "function": N_("Function"), "phone": N_("Phone"),
    "source_on": N_("Date of the source"), "last_talk_on": N_("Last talk"), "membership": N_("Membership"),
    "activity": N_("Activity"), "joined_year": N_("Joined in"), "partners": N_("Partners"), "kind": N_("Kind"),
    "what": N_("What"), "waiting_for": N_("Waiting for"), "since_on": N_("Since"), "address": N_("Address to look at"),
    "is_on": N_("Switched on"), "amount": N_("Amount"), "unit": N_("Unit"), "send_at": N_("Time of day"),
    "phase_id": N_("Phase"), "place_id": N_("City or region"), "tag_id": N_("Tag"),
    "now_de": N_("Today (German)"), "now_en": N_("Today (English)"),
    "mail_checked_on": N_("Mail checked on"), "unit_email": N_("Mailbox of the unit"), "type": N_("Type"),
    "number": N_("Number"), "series": N_("Series"), "officer_id": N_("Colleague"), "valid_until": N_("Valid until"),
    "parent_id": N_("Belongs to"), "postponed_from": N_("Planned first for the year"),
    "conference_id": N_("Conference"),
    "direction": N_("Before or after"), "fixed_on": N_("On a fixed day"),
    "joined_year_alt": N_("Year according to another source"), "joined_event": N_("Occasion of joining"),
    "lat": N_("Latitude"), "lon": N_("Longitude"), "certainty": N_("How sure this is"), "role_de": N_("Role (German)"),
    "role_en": N_("Role (English)"), "name_de": N_("Name (German)"), "name_en": N_("Name (English)"),
    "subject_kind": N_("What is reminded of"), "anchor": N_("Counted from"), "repeat_amount": N_("Repeated every"),
    "repeat_unit": N_("Unit of the repetition"), "repeat_max": N_("At most so many repetitions"),
    "holiday_policy": N_("If that is a weekend or a holiday"), "rule_class": N_("Kind of mail"),
    "to_responsible": N_("To the responsible person"), "to_deputy": N_("To the deputy"),
    "to_participants": N_("To who of us goes there"), "to_everyone": N_("To everybody"),
    "with_calendar": N_("With a calendar entry"), "also_latecomers": N_("Also who joins later"),
    "removed_at": N_("Removed"), "effective_from": N_("In force since"),
    "handbook_url": N_("Handbook page"), "first_steps_hidden": N_("First steps no longer shown"),
    "to_lead": N_("To the case lead"), "is_urgent": N_("Urgent"), "only_series": N_("Only this series"),
    "only_words": N_("Only with these words in the title"), "escalate_after": N_("Asks further after working days"),
    "escalate_to_id": N_("Asks further at"), "text_id": N_("Wording"), "absent_from": N_("Absent from"),
    "absent_until": N_("Absent until"), "stand_in_id": N_("Deputy in that time"),
    "wants_digest": N_("One mail a day"), "wants_information": N_("Also informations"),
    "technical_email": N_("Technical contact"), "repeat_months": N_("Again every so many months"),
    "code": N_("Used for"), "subject_de": N_("Subject line (German)"), "subject_en": N_("Subject line (English)"),
    "body_de": N_("Text (German)"), "body_en": N_("Text (English)"),
    "summary_de": N_("In our words (German)"), "summary_en": N_("In our words (English)"),
    "planned": N_("Planned"), "actual": N_("Actual"), "subdomain": N_("Address in the network"),
    "differential": N_("What sets the city apart"), "description": N_("Description"),
    "hero_image": N_("Large picture"), "local_site_url": N_("The city's own page"),
    "contact_email": N_("Contact address"), "social": N_("Social networks"),
    "privacy_url": N_("Legal notice and privacy"), "confirmed_on": N_("Confirmed on"), "headline": N_("Title"),
    "value": N_("Value"), "summary": N_("Summary"), "dated_on": N_("Date"), "venue": N_("Venue"),
    "url": N_("Web address"), "image": N_("Picture"), "position": N_("Position in the order"),
    "state_since": N_("In this state since"), "record_url": N_("Link to the electronic record"),
    "owner_id": N_("Responsible"),
    "waiting_email": N_("Mail address"), "recipient": N_("To"), "recipient_address": N_("Mail address"),
    "channel": N_("Way"), "sent_on": N_("Sent on"), "text_sent": N_("Text"), "body": N_("Text"),
    "answer_due_on": N_("Answer due on"), "who": N_("Who"), "evidence_id": N_("Proof"),
    "role_id": N_("Role in the consortium"), "person_id": N_("Contact person"),
    "legal_form": N_("Legal form of the partner"), "joined_on": N_("In the consortium since"),
    "consortium_form": N_("Form of the consortium"), "needed": N_("So many partners are needed"),
    "actors_needed": N_("Lab actors who declare their wish, at least"),
    "partners_needed": N_("Partners of the consortium, at least"),
    "wanted_de": N_("What counts as proof"), "wanted_en": N_("What counts as proof (English)"),
    "origin": N_("Origin"), "timing": N_("When"), "source_de": N_("Source"), "source_en": N_("Source (English)"),
    "source_url": N_("Web address of the source"), "content_hash": N_("Checksum of the items (SHA-256)"),
    "adopted_on": N_("In force since"), "title_de": N_("Title (German)"), "title_en": N_("Title (English)"),
    "gist_de": N_("What it means (German)"), "gist_en": N_("What it means (English)"),
    "merged_into_id": N_("Merged into"), "erased_on": N_("Erased on"), "uid": N_("Key in address books (UID)"),
    "honorific": N_("Academic title"), "is_first_contact": N_("First contact of the city"),
    "role_from": N_("In this function since"), "role_to": N_("In this function until"),
    "other_languages": N_("Further languages"), "other_properties": N_("Further details of the visiting card"),
    "added_on": N_("Added on"), "legal_basis": N_("Legal basis"), "purpose": N_("Purpose"),
    "notice_sent_on": N_("Information letter sent on"), "notice_waived": N_("Why no information letter is needed"),
    "objected_on": N_("Objected on"), "objection": N_("Objection"), "do_not_contact": N_("Do not contact"),
    "keep_until": N_("Kept until"), "keep_reason": N_("Why it is kept"), "learnt": N_("What we learnt there"),
    "points": N_("Further addresses and numbers"), "roles": N_("Further and former functions"),
    "tags": N_("Tags"), "label": N_("Label"), "held_on": N_("Date of the talk"), "subject": N_("Subject line"),
    "sender": N_("Sender"),
    "message_id": N_("Key of the mail"), "media_type": N_("Kind of file"), "size": N_("Size in bytes"),
    "postal_address": N_("Postal address of the unit"), "privacy_officer": N_("Data protection officer"),
    "privacy_authority": N_("Supervisory authority for data protection"),
    "contacts_keep_months": N_("Contacts are kept so many months after the last function ended"),
    "mails_keep_months": N_("The text of sent mails is kept so many months"),
    "sessions_keep_days": N_("Sign-ins are kept so many days"),
    "to_name": N_("Recipient"), "to_address": N_("Mail address"), "server_reply": N_("Answer of the mail server"),
    "file_name": N_("Name of the file"), "title": N_("Title"),
}  # fmt: skip

TABLES = {
    "application": N_("Application"), "audit_entry": N_("History entries"), "calendar_entry": N_("Calendar entries"),
    "city": N_("City settings"), "commitment": N_("Commitments"), "comparison": N_("Rows “2020 and today”"),
    "conference": N_("Conferences"), "conference_deadline": N_("Conference deadlines"),
    "consultation": N_("Stations in the council"), "consultation_meeting": N_("Dates in the council"),
    "declaration": N_("Declarations"), "evidence": N_("Pieces of evidence"), "follow_up": N_("Follow-ups"),
    "message": N_("Mails"), "carry_over": N_("Carry-overs"), "city_profile": N_("City profile"),
    "comment": N_("Comments"),
    "commitment_proof": N_("Proofs of items"), "consortium_role": N_("Roles in the consortium"),
    "cost": N_("Costs"), "evidence_revision": N_("Revisions of evidence"),
    "handbook_edition": N_("Editions of the list"),
    "import_batch": N_("Imports"), "partner": N_("Partners of the consortium"),
    "profile_entry": N_("Entries of the city profile"), "submission": N_("Submissions"),
    "submission_attachment": N_("Attachments of a submission"), "submission_reply": N_("Letters after a submission"),
    "officer": N_("Colleagues"), "mail_text": N_("Own wordings"),
    "organisation": N_("Organisations"), "paper": N_("Council papers"),
    "participation": N_("Participations"), "person": N_("Contacts"), "phase": N_("Phases"),
    "phase_order": N_("Order of phases"), "place": N_("Cities and regions"), "principle": N_("Principles"),
    "reminder": N_("Sent reminders"), "reminder_rule": N_("Reminders set up"), "resolution": N_("Resolutions"),
    "contact_export": N_("Files with contacts that went out"), "contact_merge": N_("Merged contacts"),
    "contact_point": N_("Further addresses and numbers"), "erasure": N_("Erasures"),
    "import_row": N_("Rows of an import"), "interaction": N_("Calls, mails, meetings and notes"),
    "interaction_file": N_("Files of a mail"), "not_the_same": N_("Pairs that are two people"),
    "person_role": N_("Further functions"), "tag": N_("Tags"), "tag_link": N_("Tags on rows"),
    "import_change": N_("Changes of an import"), "mail_address": N_("Mail addresses that were refused or blocked"),
    "rule_exception": N_("Left out of a reminder"), "rule_recipient": N_("Named in addition in a reminder"),
}  # fmt: skip


# Columns that name a row of another table.
REFERENCES = {
    "organisation_id": "organisation", "place_id": "place", "phase_id": "phase", "parent_id": "conference",
    "conference_id": "conference", "role_id": "consortium_role", "person_id": "person", "evidence_id": "evidence",
    "merged_into_id": "person",
}  # fmt: skip


def column_word(column: str) -> str:
    """A column's name on pages."""
    return _(COLUMNS.get(column, column))


def table_word(table: str) -> str:
    """A table's name on pages."""
    return _(TABLES.get(table, table))


def _members() -> dict[str, dict[str, Labelled]]:
    """For each column that holds an enumeration: value -> member."""
    found: dict[str, dict[str, Labelled]] = {}
    for mapper in Recorded._sa_registry.mappers:
        for column in mapper.columns:
            values = getattr(column.type, "enum_class", None)
            if values is not None and issubclass(values, Labelled):
                found.setdefault(column.name, {}).update({m.value: m for m in values})
    return found


def change_word(column: str, value: Any) -> str:
    """An old or new value as a person reads it."""
    if value is None or value == "":
        return "–"
    if column.endswith("_id") and column in (
        "responsible_id", "deputy_id", "checked_by_id", "case_lead_id", "officer_id", "stand_in_id", "escalate_to_id",
        "owner_id",
    ):  # fmt: skip
        return officer_name(value) or str(value)
    if column in REFERENCES and isinstance(value, int):
        return subject_title(REFERENCES[column], value) or str(value)
    if column in ("planned", "actual") and isinstance(value, int):
        return typed_text(value)
    if column == "country_code":
        return country_name(str(value), language())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.endswith(("_on", "absent_from", "absent_until", "state_since", "valid_until")) and isinstance(
        value, str
    ):
        return day_text(date.fromisoformat(value), language())
    member = _members().get(column, {}).get(value) if isinstance(value, str) else None
    return _(member.label) if member is not None else str(value)
