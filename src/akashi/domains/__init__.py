"""One folder per domain, mutually blind; what two of them share lies further down."""
