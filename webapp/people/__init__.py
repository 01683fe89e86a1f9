"""Ansprechpersonen: people, how to reach them, the last talk and the next."""
