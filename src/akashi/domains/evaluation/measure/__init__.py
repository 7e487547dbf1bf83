"""From verdicts to what may be said: bounds, intervals, comparisons. Pure functions; read ``count`` first."""
