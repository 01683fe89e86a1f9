"""Contacts in and out of files: vCard, CSV, Excel."""
