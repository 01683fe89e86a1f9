"""Kontakte ausgeben: visiting cards, CSV, Excel; each export is recorded."""
