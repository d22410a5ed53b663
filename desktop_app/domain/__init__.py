"""Records declared once, and the rules of the field, as frozen values; no I/O."""
