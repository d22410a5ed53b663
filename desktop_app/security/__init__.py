"""Keys, vault, signatures, certificates, seals: all cryptography of the program is in here."""
