"""Pages of the account: one function each."""
