"""People and stories, for show and for tests."""
