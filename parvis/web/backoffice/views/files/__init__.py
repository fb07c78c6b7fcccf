"""Finding a landlord, and their file."""
