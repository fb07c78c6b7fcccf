"""The administrator’s role changes hands."""
