"""What is kept of offices: by the feed, and by agents."""
