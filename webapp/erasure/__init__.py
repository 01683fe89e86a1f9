"""Erasing a contact, and giving a person access to the own data."""
