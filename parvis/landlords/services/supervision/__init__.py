"""What the office watches over: rights suspended, a delegation withdrawn, a removal reversed, rights unused or to be reviewed."""
