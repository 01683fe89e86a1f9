"""Beitritt: phases, declarations of the labs, 2020 and today."""
