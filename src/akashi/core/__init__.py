"""The words of the thread: what every room means by subject, evidence, finding and the rest."""
