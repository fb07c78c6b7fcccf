"""What people think of the portal: how simple a journey was, whether an article of help did help. Nobody's name is kept with it."""
