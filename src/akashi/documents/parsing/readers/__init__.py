"""One module per format; each offers ``read(content, source) -> Draft``."""
