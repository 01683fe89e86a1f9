"""What leaves the house: reports, the evidence pack, the handover file."""
