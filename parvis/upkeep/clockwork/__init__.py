"""What comes due by itself: a table of tasks, run by whoever has time, each by one at a time."""
