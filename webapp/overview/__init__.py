"""Übersicht: where do we stand, what must I do, what changed."""
