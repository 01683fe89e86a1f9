"""Starter data: facts with source and date that a new installation loads once."""
