"""Paper: sheets drawn page by page, and the printer that takes them. Nothing readable stays."""
