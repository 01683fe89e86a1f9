"""Two rows that may be one person: proposed, compared, merged, and made two again."""
