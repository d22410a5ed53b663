"""The kit the pages are laid out with; nothing here knows a service or a record."""
