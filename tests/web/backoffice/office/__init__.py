"""What agents run: campaign, letters, feeds, tasks."""
