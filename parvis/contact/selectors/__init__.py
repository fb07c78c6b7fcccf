"""Questions about threads: those of a landlord, those of an office."""
