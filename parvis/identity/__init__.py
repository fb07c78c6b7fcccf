"""Who you are: credentials, accounts, codes, sessions, sign-in."""
