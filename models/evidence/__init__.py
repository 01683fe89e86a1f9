"""Evidence: what proves something, in revisions that are all kept."""
