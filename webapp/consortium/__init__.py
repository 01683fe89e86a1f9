"""Bündnis: its partners, the roles that must be filled, the form it has."""
