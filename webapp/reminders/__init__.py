"""Pages of reminders: what goes out when, asking for one, answering one, the rules."""
