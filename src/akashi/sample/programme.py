"""The sample's demonstration programme 実証プログラム: themes, parties, milestones, figures."""

from __future__ import annotations

from datetime import datetime

from akashi.domains.governance.programme.model import ItemKind
from akashi.domains.governance.programme.treat import add_item
from akashi.platform.site import Site
from akashi.sample.once import claim
from akashi.sample.seed import list_actors, read_table

DONE = "sample_programme"


def seed_programme(site: Site, now: datetime) -> int:
    """Write a sample installation's programme down once; return how many parts. A duty of ``tick``."""
    return write_programme(site) if claim(site, DONE, now) else 0


def write_programme(site: Site) -> int:
    """Keep every part of the table; return how many there are."""
    told = read_table("programme.toml")
    owner, parts = list_actors()[told["owner"]], 0
    for kind in ItemKind:
        for entry in told[kind.value]:
            add_item(site, owner, kind, entry["title"], entry)
            parts += 1
    return parts
