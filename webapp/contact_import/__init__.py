"""Kontakte einlesen: upload, columns, dry run, import, taking it back."""
