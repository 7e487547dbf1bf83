"""Reading documents safely: a file becomes text and citable passages, or one clear InputError.

The real work happens in a child process with little memory, little time, no environment and no
open files, because any file may be hostile. ``formats`` lists what can be read; each format has
one module in ``readers``, which writes a ``Draft``; ``outline`` finds headings, ``compose`` cuts
passages.
"""

from .limits import Limits
from .sandbox import check_name, parse_bytes, parse_file, read_regular

__all__ = ["Limits", "check_name", "parse_bytes", "parse_file", "read_regular"]
