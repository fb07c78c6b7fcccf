"""What is taken from users, and how it comes back."""
