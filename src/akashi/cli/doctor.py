"""``doctor``: looks at every part of the installation and says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa
import typer

from akashi.core.display import Check, Health
from akashi.core.errors import AkashiError
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json, site_of
from akashi.platform.installation import require_ready
from akashi.platform.rooms import call_name
from akashi.platform.site import Site

app = typer.Typer(add_completion=False)

MIN_FREE_BYTES = 1_000_000_000
CLOCK_TOLERANCE = timedelta(seconds=5)
SIGNS = {Health.OK: "ok  ", Health.WARNING: "warn", Health.FAILED: "FAIL"}


@app.command()
def doctor(context: typer.Context, json: JsonOption = False) -> None:
    """Check database, ledger, index, endpoint, clock and disk; exit 1 if something needs a person."""
    checks = examine(site_of(context))
    if json:
        print_json({"checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            typer.echo(f"{SIGNS[check.health]}  {check.name}: {check.detail}")
            if check.next_step:
                typer.echo(f"      -> {check.next_step}")
    if any(check.health is Health.FAILED for check in checks):
        raise typer.Exit(EXIT_FINDINGS)


def examine(site: Site) -> list[Check]:
    """Return every check of the installation, the rooms' own ones included."""
    checks = [
        _guarded("database", _check_database, site),
        _guarded("clock", _check_clock, site),
        _check_disk(site),
        _check_endpoint(site),
    ]
    for room in site.rooms:
        if room.checks:
            checks += _room_checks(room.name, room.checks, site)
    return checks


def _room_checks(name: str, reference: str, site: Site) -> list[Check]:
    try:
        return list(call_name(reference, site))
    except (AkashiError, sa.exc.SQLAlchemyError, OSError) as error:
        return [Check(name, Health.FAILED, str(error))]


def _guarded(name: str, look: Callable[[Site], Check], site: Site) -> Check:
    try:
        return look(site)
    except (AkashiError, sa.exc.SQLAlchemyError, OSError) as error:
        return Check(name, Health.FAILED, str(error).splitlines()[0])


def _check_database(site: Site) -> Check:
    require_ready(site.database, site.rooms)
    if site.database.is_sqlite:
        with site.database.read() as connection:
            state = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if state != "ok":
            return Check(
                "database", Health.FAILED, str(state), "Restore the newest backup: akashi restore FILE"
            )
    return Check("database", Health.OK, site.database.label)


def _check_clock(site: Site) -> Check:
    if site.database.is_sqlite:
        return Check("clock", Health.OK, f"{site.now().isoformat(timespec='seconds')}")
    with site.database.read() as connection:
        theirs = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    apart = abs(theirs - site.now())
    if apart > CLOCK_TOLERANCE:
        return Check("clock", Health.FAILED, f"{apart} apart from the database", "Synchronise both by NTP.")
    return Check("clock", Health.OK, f"{apart.total_seconds():.1f} s apart from the database")


def _check_disk(site: Site) -> Check:
    free = shutil.disk_usage(site.settings.home).free
    detail = f"{free / 1e9:.1f} GB free at {site.settings.home}"
    if free < MIN_FREE_BYTES:
        return Check("disk", Health.FAILED, detail, "Free some space; writes will fail when it is full.")
    return Check("disk", Health.OK, detail)


def _check_endpoint(site: Site) -> Check:
    hosts = ", ".join(site.settings.allowed_hosts)
    if hosts:
        return Check("endpoint", Health.OK, f"outgoing calls allowed to: {hosts}")
    return Check(
        "endpoint", Health.OK, "none configured: answers are verbatim excerpts, nothing leaves this machine"
    )
