"""Ratsvorlagen: the motion, the standpoint, their way, and what was adopted."""
