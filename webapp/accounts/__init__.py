"""Kolleginnen und Kollegen: accounts, sign-in, links, leaving."""
