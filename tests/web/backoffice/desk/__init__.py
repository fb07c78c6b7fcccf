"""What agents do and read at their desk."""
