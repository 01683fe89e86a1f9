"""The documents in which knowledge leaves the house: bytes out, no input or output of their own."""
