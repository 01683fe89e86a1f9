"""Konferenzen: FABx and Fab City Summits, their deadlines, and who of us goes."""
