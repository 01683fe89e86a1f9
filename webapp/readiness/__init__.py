"""The pre-submission check: page, table and document."""
