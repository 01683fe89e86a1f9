"""Pflichten nach der Aufnahme: what comes again once the city is a member."""
