"""Organisationen: driving organisations, labs and offices, with functional addresses."""
