"""The encrypted database: journal, projected and local tables, queries; the only SQL."""
