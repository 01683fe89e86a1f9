"""Council papers, their way through the committees, and what was adopted."""
