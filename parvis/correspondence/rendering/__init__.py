"""From a message to what a person reads: words, then an e-mail or a letter."""
