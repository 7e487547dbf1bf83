"""Question in, ranked entries with a confidence and the sentence that answers out. No I/O."""
