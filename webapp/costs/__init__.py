"""Kosten: what joining costs, by year; what nobody knows is unknown."""
