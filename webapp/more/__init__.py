"""Mehr: what is needed seldom."""
