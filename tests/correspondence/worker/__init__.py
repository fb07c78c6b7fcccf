"""What leaves: the worker, its line to the mail server, what a crash leaves behind."""
