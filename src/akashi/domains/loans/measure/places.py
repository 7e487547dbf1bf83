"""The town of a postal code, and an address completed with it."""

from __future__ import annotations


def find_town(postal_code: str) -> str:
    """Return prefecture, city and town of a postal code; empty where it is not known."""
    return ""


def complete_address(said: str, town: str) -> str:
    """Return an address with the part of the town that the applicant did not write.

    >>> [complete_address(said, "汐見県汐見市浜町") for said in ("3-2-1", "浜町3-2-1", "大阪府堺市1-1")]
    ['汐見県汐見市浜町3-2-1', '汐見県汐見市浜町3-2-1', '大阪府堺市1-1']
    """
    if not town:
        return said
    if said[0].isdigit():
        return town + said
    for start in range(len(town)):
        if said.startswith(town[start:]) and len(town) - start > 1:
            return town[:start] + said
    return said
