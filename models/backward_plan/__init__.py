""" "Can we still make it?": from the day on which a conference can begin back to the last day for each step."""
