"""Comments between colleagues."""
