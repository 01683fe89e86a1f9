"""What leaves the house about the case: reports, the evidence pack, the handover file, city.json."""
