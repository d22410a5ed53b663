"""The sentences a person reads for each error code: one catalogue for window and commands."""
