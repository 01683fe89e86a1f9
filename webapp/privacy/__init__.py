"""Datenschutz: notices, review of what is kept, and the records that a city must have."""
