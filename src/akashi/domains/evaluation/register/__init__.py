"""Files from outside: cases, suites, evaluations, and what other tools wrote."""
