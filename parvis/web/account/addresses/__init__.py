"""One file of addresses per topic."""
