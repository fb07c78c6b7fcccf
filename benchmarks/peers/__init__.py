"""The sites we measure ourselves against, each as its makers would set it up, in an environment of its own."""
