"""Imports every noun, so that the metadata is complete."""

from models import audit, city, followups, job_runs, officers, places, sign_in
from models.application import comparison, declarations, phases
from models.catalogue import load
from models.commitments import checklist, evidence, principles
from models.conferences import conferences
from models.contacts import organisations, people
from models.council import papers
from models.reminders import messages, rules, texts, touched

MODULES = (
    audit, city, followups, job_runs, officers, places, sign_in, comparison, declarations, phases, load, checklist,
    evidence, principles,
    conferences, organisations, people, papers, messages, rules, texts, touched,
)  # fmt: skip
