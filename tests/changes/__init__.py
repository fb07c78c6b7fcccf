"""Changes a landlord asks for."""
