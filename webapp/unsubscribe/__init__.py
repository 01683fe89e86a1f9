"""Abbestellen: no more informations, by the link in a mail and without signing in."""
