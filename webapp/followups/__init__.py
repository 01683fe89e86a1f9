"""Wiedervorlagen: whom we wait for, what to look up, when to talk again."""
