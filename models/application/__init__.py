"""The application to join the network: its phases, the labs' declarations, what was true in 2020 and is now."""
