"""To whom complaints about data protection go; only where the name of the authority does not change with its head."""

_KNOWN = {
    "SH": "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
    "SL": "Unabhängiges Datenschutzzentrum Saarland",
    "SN": "Sächsische Datenschutz- und Transparenzbeauftragte",
}


def authority_of(state: str, entered: str = "") -> str:
    """What the city has entered, else the authority of its state (two letters); empty where it must be entered."""
    return entered or _KNOWN.get(state, "")
