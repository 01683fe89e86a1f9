"""Imports of files: looked at first, applied at once, taken back if wanted."""
