"""Dubletten: likely pairs, side by side, merged, and separated again."""
