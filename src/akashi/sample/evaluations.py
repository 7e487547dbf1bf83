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


def seed_evaluations(site: Site, now: datetime) -> int:
    """Play the next of the sample's evaluations in a sample installation; return 1 when one was played.

    One in each tick, so that pages are served between them; one that was broken off is gone on with. After
    the last one the assistant goes live as far as what was measured carries it.
    """
    if site.ports.assistant is None or not is_sample(site.database):
        return 0
    for name in PLANS:
        with site.database.read() as connection:
            if read_meta(connection, SAMPLE_SEEDED) is None:
                return 0
            state = read_meta(connection, _MARK + name)
        if state == "done":
            continue
        run = state or _start(site, name)
        call_name(f"{PACKAGE}.running:continue_run", site, run, SYSTEM)
        with site.database.write() as connection:
            write_meta(connection, _MARK + name, "done")
        return 1
    return bring_live(site, now)


def _start(site: Site, name: str) -> str:
    path = package_folder(PACKAGE) / "data" / "plans" / f"{name}.toml"
    run: str = call_name(
        f"{PACKAGE}.running:start_run", site, call_name(f"{PACKAGE}.register.plans:read_plan", path), SYSTEM
    )
    with site.database.write() as connection:
        write_meta(connection, _MARK + name, run)
    return run
