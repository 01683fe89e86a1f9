"""Einreichung: what is sent to the network, and what comes back."""
