"""Pages of mails: what was sent, what became of it, what a person can do now."""
