"""Imports every noun, so that the metadata is complete."""

from models import audit, city, comments, followups, job_runs, officers, places, sign_in
from models.application import city_profile, comparison, consortium, costs, declarations, phases, submissions
from models.catalogue import load
from models.commitments import carry_over, checklist, editions, principles, proofs
from models.conferences import conferences
from models.contacts import interactions, organisations, people, points, roles, tags
from models.contacts.duplicates import duplicates, merging
from models.contacts.search import rederiving
from models.council import papers
from models.evidence import evidence
from models.imports import batches, staged
from models.privacy import records
from models.reminders import messages, rules, texts, touched

MODULES = (
    audit, city, comments, followups, job_runs, officers, places, sign_in, city_profile, comparison, consortium, costs,
    declarations, phases, submissions, load, carry_over, checklist, editions, principles, proofs, conferences,
    organisations, people, papers, evidence, batches, messages, rules, texts, touched,
    duplicates, interactions, merging, points, roles, tags, staged, records, rederiving,
)  # fmt: skip
