"""Files from outside become loan products."""
