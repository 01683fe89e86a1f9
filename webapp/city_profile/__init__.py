"""Stadtprofil: what the network shows of the city, and its city.json."""
