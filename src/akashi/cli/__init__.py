"""The command line: thin twins of the pages; it can neither decide, accept, unmask nor change roles."""
