"""The child process in which a file is really read: one request in, one answer out, then it ends.

Started by ``sandbox`` with an empty environment in a session of its own. Standard input holds one
line of JSON and the bytes of the file; standard output takes the answer. What goes wrong in a
library ends this process with a traceback, which the parent turns into a sentence.
"""

from __future__ import annotations

import os
import resource
import sys
from importlib import import_module
from math import ceil
from typing import Protocol, cast

from akashi.core.errors import InputError
from akashi.documents.model import ParsedDocument

from .archive import inspect_archive
from .compose import compose
from .draft import Draft, Source
from .formats import find_format
from .limits import Limits
from .wire import decode_request, encode_document, encode_error


class Reader(Protocol):
    """What every module in ``readers`` offers."""

    def read(self, content: bytes, source: Source) -> Draft:
        """Return the text and lines of ``content``."""
        ...


def main() -> int:
    """Answer the one request on standard input and return the exit status."""
    source = decode_request(sys.stdin.buffer.readline())
    restrict(source.limits)
    content = sys.stdin.buffer.read()
    answer_fd = detach_streams()
    answer = _answer(content, source)
    if len(answer) > source.limits.response_bytes:
        answer = encode_error(too_much(source))
    with os.fdopen(answer_fd, "wb") as stream:
        stream.write(answer)
    return 0


def restrict(limits: Limits) -> None:
    """Give up, for this process and its children, everything beyond ``limits``."""
    seconds = ceil(limits.seconds)
    bounds = (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, limits.response_bytes, limits.response_bytes),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
    )
    for kind, soft, hard in bounds:
        resource.setrlimit(kind, (soft, hard))


def detach_streams() -> int:
    """Return a descriptor for the answer; libraries that print or read find nothing."""
    answer_fd = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return answer_fd


def _answer(content: bytes, source: Source) -> bytes:
    try:
        return encode_document(_parse(content, source))
    except InputError as error:
        return encode_error(error)
    except (MemoryError, RecursionError):
        return encode_error(too_much(source))


def _parse(content: bytes, source: Source) -> ParsedDocument:
    found = find_format(source.name, content)
    embedded = 0
    if found.container == "zip":
        embedded = inspect_archive(content, found, source)
    reader = cast(Reader, import_module(f"akashi.documents.parsing.readers.{found.reader}"))
    draft = reader.read(content, source)
    if embedded:
        draft.warn("{count} embedded files were not read.", count=embedded)
    return compose(draft, found.media_type)


def too_much(source: Source) -> InputError:
    """Return what is said of a file that needs more memory than it may have."""
    return InputError(
        "The file needs more memory than {megabytes} MB to be read.",
        where=source.name,
        next_step="Divide the document or export it again, then add it.",
        megabytes=source.limits.memory_bytes // 1_000_000,
    )


if __name__ == "__main__":
    sys.exit(main())
