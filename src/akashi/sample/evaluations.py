"""The sample's evaluations: a target made to fail, without and with guards, and the assistant beside it."""

from __future__ import annotations

from datetime import datetime

from akashi.core.people import SYSTEM
from akashi.platform.installation import is_sample
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.rooms import call_name, package_folder
from akashi.platform.site import Site
from akashi.sample import SEEDED as SAMPLE_SEEDED
from akashi.sample.live import bring_live

PACKAGE = "akashi.domains.evaluation"
PLANS = ("vulnerable", "assistant", "guarded")
_MARK = "sample_evaluation_"
_DONE = "done"


def seed_evaluations(site: Site, now: datetime) -> int:
    """Play the next of the sample's evaluations in a sample installation; return 1 when one was played.

    One in each tick, so that pages are served between them; one that was broken off is gone on with. After
    the last one the assistant goes live as far as what was measured carries it.
    """
    if site.ports.assistant is None or not is_sample(site.database):
        return 0
    with site.database.read() as connection:
        if read_meta(connection, SAMPLE_SEEDED) is None:
            return 0
    if any(play_evaluation(site, name) for name in PLANS):
        return 1
    return bring_live(site, now)


def play_evaluation(site: Site, name: str) -> bool:
    """Play one shipped plan to its end, or go on with it; return False when that is done already."""
    if has_played(site, name):
        return False
    with site.database.read() as connection:
        run = read_meta(connection, _MARK + name)
    call_name(f"{PACKAGE}.running:continue_run", site, run or _start(site, name), SYSTEM)
    with site.database.write() as connection:
        write_meta(connection, _MARK + name, _DONE)
    return True


def has_played(site: Site, name: str) -> bool:
    """Return whether a shipped plan was played to its end."""
    with site.database.read() as connection:
        return read_meta(connection, _MARK + name) == _DONE


def _start(site: Site, name: str) -> str:
    path = package_folder(PACKAGE) / "data" / "plans" / f"{name}.toml"
    run: str = call_name(
        f"{PACKAGE}.running:start_run", site, call_name(f"{PACKAGE}.register.plans:read_plan", path), SYSTEM
    )
    with site.database.write() as connection:
        write_meta(connection, _MARK + name, run)
    return run
