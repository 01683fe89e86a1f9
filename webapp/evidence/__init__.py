"""Evidence: pages of proofs, their revisions and files."""
