"""Städte & Regionen: members of the Fab City Network and places that are near to it."""
