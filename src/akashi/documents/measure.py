"""Which wording of a document counts on which day: a pure function of its versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import rfc8785

from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.model import Document, Version, VersionState


def choose_version(versions: Iterable[Version], day: date) -> Version | None:
    """Return the one version of a document that may be answered from on a Tokyo day, or None.

    The approved version with the latest beginning counts. A later one replaces an earlier one for
    good: when it ends or is withdrawn while in effect, nothing is answered until a new version is
    approved, rather than an outdated wording coming back by itself. A version withdrawn before its
    first day never replaced anything.
    """
    begun = [version for version in versions if _has_replaced(version, day)]
    if not begun:
        return None
    newest = max(begun, key=lambda version: (version.effective_from, version.number))
    return newest if is_answerable(newest, day) else None


def readable_audiences(audience: Audience) -> frozenset[Audience]:
    """Return the audiences whose documents somebody of ``audience`` may read: staff read everything."""
    return frozenset(Audience) if audience is Audience.STAFF else frozenset({Audience.CUSTOMERS})


def is_answerable(version: Version, day: date) -> bool:
    """Return whether this version by itself is approved and in effect on ``day``."""
    is_ended = version.effective_to is not None and version.effective_to < day
    return version.state is VersionState.APPROVED and version.effective_from <= day and not is_ended


def _has_replaced(version: Version, day: date) -> bool:
    if version.approved_at is None or version.effective_from > day:
        return False
    if version.withdrawn_at is None:
        return version.state is VersionState.APPROVED
    return tokyo_day(version.withdrawn_at) >= version.effective_from


def decision_digest(document: Document, version: Version) -> str:
    """Return the SHA-256 of exactly what an approval decides: wording, audience and dates.

    The canonical form is RFC 8785 JSON.
    """
    facts = {
        "document": document.id,
        "audience": document.audience.value,
        "version": version.id,
        "source": version.source_digest,
        "text": version.text_digest,
        "effective_from": version.effective_from.isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
    }
    return hashlib.sha256(rfc8785.dumps(facts)).hexdigest()


def passage_id(version_id: str, ordinal: int) -> str:
    """Return the id of the passage with this position in its version.

    >>> passage_id("ver_1", 3)
    'ver_1.3'
    """
    return f"{version_id}.{ordinal}"
