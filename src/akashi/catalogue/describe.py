"""A requirement for machines."""

from __future__ import annotations

from typing import Any

from akashi.catalogue.model import Entry


def describe_entry(entry: Entry) -> dict[str, Any]:
    """Return one requirement for machines."""
    return {
        "id": entry.id,
        "source": entry.source.id,
        "edition": entry.source.edition,
        "clause": entry.clause,
        "page": entry.page,
        "kind": entry.kind.value,
        "ja": entry.ja,
        "en": entry.en,
        "evidence_ja": entry.evidence_ja,
        "evidence_en": entry.evidence_en,
        "our_reading": entry.our_reading,
        "confirm_with_legal": entry.source.confirm,
    }
