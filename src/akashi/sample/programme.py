"""The sample's demonstration programme 実証プログラム: themes, parties, milestones, figures."""

from __future__ import annotations

from datetime import datetime

from akashi.domains.governance.programme.model import ItemKind
from akashi.domains.governance.programme.treat import add_item
from akashi.platform.installation import is_sample
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.site import Site
from akashi.sample import SEEDED
from akashi.sample.seed import list_actors, read_table

DONE = "sample_programme"


def seed_programme(site: Site, now: datetime) -> int:
    """Write a sample installation's programme down once; return how many parts. A duty of ``tick``."""
    if not is_sample(site.database):
        return 0
    with site.database.write() as connection:
        if read_meta(connection, SEEDED) is None or read_meta(connection, DONE) is not None:
            return 0
        write_meta(connection, DONE, now.isoformat())
    return write_programme(site)


def write_programme(site: Site) -> int:
    """Keep every part of the table; return how many there are."""
    told = read_table("programme.toml")
    owner, parts = list_actors()[told["owner"]], 0
    for kind in ItemKind:
        for entry in told[kind.value]:
            add_item(site, owner, kind, entry["title"], entry)
            parts += 1
    return parts
