"""FABx conferences, Fab City Summits and related events, with dates as exactly as they are known."""
