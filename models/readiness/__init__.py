"""Is everything there for the submission? What is complete, missing, older than agreed, and who has to move."""
