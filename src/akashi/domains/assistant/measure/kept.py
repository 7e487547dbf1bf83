"""What the analysis of entries found, kept on disk between starts: reading it again is far cheaper.

The file holds nothing that could be answered. It is made again from the documents whenever it is missing,
damaged, or of another analysis (other code, word lists or dictionary).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from akashi.domains.assistant.measure.postings import STREAMS, Features

_ANALYSIS = ("akashi.language", "akashi.domains.assistant.measure")
_PACKAGES = ("sudachipy", "sudachidict-core", "numpy")
_FIELDS = ("terms", "question", "answer", "streams")
_DIGEST = 16

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Features by the digest of their text, and the vocabulary that numbers their terms."""

    vocabulary: dict[str, int]
    features: Mapping[bytes, Features]


def digest_entry(question: str, answer: str) -> bytes:
    """Return the digest under which an entry's features are kept."""
    asked = question.encode("utf-8", "surrogatepass")
    told = answer.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(len(asked).to_bytes(8) + asked + told, digest_size=_DIGEST).digest()


def write_kept(
    path: Path, texts: Sequence[tuple[str, str]], features: Sequence[Features], vocabulary: Mapping[str, int]
) -> bool:
    """Keep ``features`` of ``texts`` (question, answer); return whether it could be written.

    The file appears whole or not at all. Terms that no entry has any more are left out.
    """
    joined = {name: np.concatenate([getattr(one, name) for one in features]) for name in _FIELDS}
    used, joined["terms"] = np.unique(joined["terms"], return_inverse=True)
    joined["terms"] = joined["terms"].astype(np.int32)
    names = sorted(vocabulary, key=vocabulary.__getitem__)
    words = orjson.dumps([names[term] for term in used.tolist()])
    digests = b"".join(digest_entry(*text) for text in texts)
    arrays = joined | {
        "analysis": np.frombuffer(analysis_digest().encode(), np.uint8),
        "digests": np.frombuffer(digests, np.uint8),
        "vocabulary": np.frombuffer(words, np.uint8),
        "sizes": np.array([len(one.terms) for one in features], np.int64),
        "lengths": np.array([one.lengths for one in features]),
    }
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(path)
    except OSError as error:
        log.warning("The analysis of the documents could not be kept in %s: %s", path, error)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True


def read_kept(path: Path) -> Kept | None:
    """Return what was kept, or None when it is missing, damaged or of another analysis."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if stored["analysis"].tobytes().decode() != analysis_digest():
                return None
            return _unpack({name: stored[name] for name in stored.files})
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        log.warning("What was kept in %s cannot be used and is made again: %s", path, error)
        return None


def _unpack(stored: Mapping[str, NDArray[np.generic]]) -> Kept:
    sizes = np.asarray(stored["sizes"], dtype=np.int64)
    lengths = np.asarray(stored["lengths"], dtype=np.float64)
    words = orjson.loads(stored["vocabulary"].tobytes())
    digests = stored["digests"].tobytes()
    total = int(sizes.sum())
    if (
        len(digests) != _DIGEST * len(sizes)
        or lengths.shape != (len(sizes), len(STREAMS), 3)
        or any(stored[name].shape != (total,) for name in _FIELDS)
        or (total and not 0 <= int(stored["terms"].min()) <= int(stored["terms"].max()) < len(words))
    ):
        raise ValueError("its parts do not fit together")
    cuts = np.cumsum(sizes)[:-1]
    terms = np.split(np.asarray(stored["terms"], dtype=np.int32), cuts)
    asked, told, streams = (np.split(np.asarray(stored[name], dtype=np.uint8), cuts) for name in _FIELDS[1:])
    features = {
        digests[at * _DIGEST : (at + 1) * _DIGEST]: Features(*columns)
        for at, columns in enumerate(zip(terms, asked, told, streams, lengths, strict=True))
    }
    return Kept({word: number for number, word in enumerate(words)}, features)


@functools.cache
def analysis_digest() -> str:
    """Return a digest of everything that decides what the analysis of a text finds."""
    digest = hashlib.sha256(" ".join(version(package) for package in _PACKAGES).encode())
    for package in _ANALYSIS:
        folder = Path(str(files(package)))
        for path in sorted([*folder.glob("*.py"), *folder.glob("data/*")]):
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{package}/{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
