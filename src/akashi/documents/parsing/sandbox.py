"""The parent's side: hand a file to a child process that may use little, and judge its answer."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from akashi.core.errors import InputError
from akashi.documents.model import ParsedDocument

from .draft import Source
from .limits import Limits
from .wire import MalformedError, decode_answer, encode_request

_LOG = logging.getLogger(__name__)
_COMMAND = (sys.executable, "-I", "-X", "utf8", "-m", "akashi.documents.parsing.child")
_SHOWN_BYTES = 2_000


def parse_file(path: Path, *, limits: Limits | None = None) -> ParsedDocument:
    """Return the text and passages of the file at ``path``; the format follows from its suffix.

    The file is read in a child process, within ``limits``. Nothing is written anywhere.

    Raises: InputError: the file cannot be used; says what, where and what to do.
    """
    limits = limits or Limits()
    name = check_name(path.name)
    return _parse(name, read_regular(path, name, limits), limits)


def parse_bytes(name: str, content: bytes, *, limits: Limits | None = None) -> ParsedDocument:
    """Return the text and passages of ``content``, a file called ``name``, as ``parse_file`` does.

    >>> document = parse_bytes("fees.md", "# 手数料\\n\\n振込は110円です。\\n".encode())
    >>> [(p.heading, document.text[p.body.start:p.body.end]) for p in document.passages]
    [(('手数料',), '振込は110円です。')]
    """
    limits = limits or Limits()
    return _parse(check_name(name), content, limits)


def ask_child(module: str, source: Source, content: bytes) -> bytes:
    """Return what the child process ``module`` of ours answers on a file, within the source's limits.

    Raises: InputError: the file is empty or too large, or the child failed on it.
    """
    _check_size(source.name, len(content), source.limits)
    return _ask((*_COMMAND[:-1], module), replace(source, tesseract=shutil.which("tesseract")), content)


def check_name(name: str) -> str:
    """Return ``name``, the last part of a path, if a person can see all of it.

    Raises: InputError: no name, too long, or with control, invisible or bidi characters.
    """
    shown = "".join("\N{REPLACEMENT CHARACTER}" if _is_hidden(char) else char for char in name)
    if shown != name:
        raise InputError(
            "The file name holds invisible or direction-changing characters.",
            where=shown[:255],
            next_step="Rename the file and add it again.",
        )
    if not name or len(name) > 255 or "/" in name:
        raise InputError(
            "This is not a file name.",
            where=name[:255],
            next_step="Give a file with a name of at most 255 characters.",
        )
    return name


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def read_regular(path: Path, name: str, limits: Limits) -> bytes:
    """Return the bytes of a regular file; never follows a link and never waits for a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise _not_regular(name) from error
        raise InputError(
            "The file cannot be opened ({reason}).",
            where=name,
            next_step="Check that it exists and that you may read it.",
            reason=os.strerror(error.errno or 0),
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _not_regular(name)
        _check_size(name, status.st_size, limits)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(limits.size_bytes + 1)
    finally:
        os.close(descriptor)


def _not_regular(name: str) -> InputError:
    return InputError(
        "This is a link, a folder or a device, not a regular file.",
        where=name,
        next_step="Give the file itself.",
    )


def _check_size(name: str, size_bytes: int, limits: Limits) -> None:
    if size_bytes == 0:
        raise InputError("The file is empty.", where=name, next_step="Choose another file.")
    if size_bytes > limits.size_bytes:
        raise InputError(
            "The file is {size} MB large; at most {limit} MB are accepted.",
            where=name,
            next_step="Divide the document and add the parts.",
            size=round(size_bytes / 1_000_000, 1),
            limit=round(limits.size_bytes / 1_000_000, 1),
        )


def _parse(name: str, content: bytes, limits: Limits) -> ParsedDocument:
    _check_size(name, len(content), limits)
    source = Source(name, limits, shutil.which("tesseract"))
    answer = _ask(_COMMAND, source, content)
    try:
        return decode_answer(answer)
    except MalformedError as error:
        _LOG.warning("reading %s gave no valid answer: %s", source.name, error)
        raise _damaged(source) from error


def _ask(command: tuple[str, ...], source: Source, content: bytes) -> bytes:
    with (
        tempfile.TemporaryFile() as request,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as errors,
    ):
        request.write(encode_request(source))
        request.write(content)
        request.seek(0)
        status = _run_child(request, answer, errors, source.limits.seconds, command)
        if status != 0:
            raise _failure(source, status, errors)
        answer.seek(0)
        return answer.read()


def _run_child(
    request: BinaryIO,
    answer: BinaryIO,
    errors: BinaryIO,
    seconds: float,
    command: tuple[str, ...] | None = None,
) -> int | None:
    """Return the child's exit status, None if its time ran out; no process of it remains."""
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell, no word from outside
        command or _COMMAND,
        stdin=request,
        stdout=answer,
        stderr=errors,
        env={},
        cwd="/",
        close_fds=True,
        start_new_session=True,
        umask=0o077,
    )
    finished = False
    try:
        finished = _wait(child.pid, seconds)
    finally:
        # The child is not reaped yet, so its number cannot have been given to another group.
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    return child.returncode if finished else None


def _wait(pid: int, seconds: float) -> bool:
    """Return whether the process ended in time; leaves it to be reaped."""
    deadline = time.monotonic() + seconds
    pause = 0.001
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    return True


def _failure(source: Source, status: int | None, errors: BinaryIO) -> InputError:
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - _SHOWN_BYTES))
    trace = errors.read().decode(errors="replace")
    _LOG.warning("reading %s ended with status %s: %s", source.name, status, trace)
    if status in (None, -signal.SIGXCPU, -signal.SIGKILL):
        return InputError(
            "Reading the file took longer than {seconds} seconds.",
            where=source.name,
            next_step="Divide the document or export it again, then add it.",
            seconds=f"{source.limits.seconds:g}",
        )
    return _damaged(source)


def _damaged(source: Source) -> InputError:
    return InputError(
        "The file is damaged or is not what its name says.",
        where=source.name,
        next_step="Open it in the program that made it, export it again and add that file.",
    )
