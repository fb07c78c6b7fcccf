"""What is typed in the back office."""
