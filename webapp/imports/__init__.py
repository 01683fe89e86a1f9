"""Einfuhren: the checklist out to Excel and in again, an officer's own list, and taking it back."""
