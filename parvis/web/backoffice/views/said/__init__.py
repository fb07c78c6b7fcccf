"""What the office says in its own words: texts, the rules people accept, banners."""
