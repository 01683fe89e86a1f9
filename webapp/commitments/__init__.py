"""Zusagen: the checklist, the ten principles, and the proof."""
