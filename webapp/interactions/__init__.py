"""Austausch: what was said and written with people, mails that were dropped on a person, the timeline."""
