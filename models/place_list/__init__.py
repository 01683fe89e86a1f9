"""The list of places as a file: written, read back, and compared with what is stored before anything is changed."""
