"""Data protection: notices, access, retention, erasure, and the records of it."""
