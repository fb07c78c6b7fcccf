"""The users of an organisation and their rights."""
