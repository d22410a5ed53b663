"""Policy packages: what differs from district to district and year to year, as checked data."""
