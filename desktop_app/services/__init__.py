"""Use cases, one module per desk; each reads, decides in the domain, appends operations."""
