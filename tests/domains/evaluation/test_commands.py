"""``akashi evaluate`` as people and machines use it; exit code 1 when something is above what is accepted."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from akashi.core.errors import InputError
from akashi.domains.evaluation.bar import Bar, describe_progress
from akashi.domains.evaluation.commands import app
from akashi.domains.evaluation.measure.count import Tally
from akashi.domains.evaluation.model import Verdict
from akashi.domains.evaluation.running import Progress
from akashi.platform.site import Site
from tests.domains.evaluation.making import make_row, write_suite

PLAN = """
title = "Small"
suites = ["small.jsonl"]
[target]
kind = "vulnerable"
weakness = "{weakness}"
[tolerance.small]
accepted = 0.2
"""


def run(site: Site, *words: str) -> Result:
    """Run one command in front of ``site``; errors of the product come through."""
    result = CliRunner().invoke(app, list(words), obj=lambda: site)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan whose target refuses, beside its suite."""
    write_suite(tmp_path, [make_row(number) for number in range(20)])
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.format(weakness="refuses"), encoding="utf-8")
    return path


def test_evaluation_is_run_shown_and_compared_from_one_file(sqlite_site: Site, plan: Path) -> None:
    good = run(sqlite_site, "run", str(plan))
    assert good.exit_code == 0
    assert "20 of 20 cases" in good.stdout
    plan.write_text(PLAN.format(weakness="leaks"), encoding="utf-8")
    bad = run(sqlite_site, "run", str(plan), "--json")
    assert bad.exit_code == 1
    found = json.loads(bad.stdout)
    assert found["suites"][0]["failed"] == 20
    assert run(sqlite_site, "show", found["id"]).exit_code == 1
    ids = [line.split()[0] for line in run(sqlite_site, "list").stdout.splitlines()]
    assert len(ids) == 2
    compared = run(sqlite_site, "compare", *ids, "--json")
    assert {json.loads(compared.stdout)["suites"][0]["paired"]} == {20}
    assert "0 verdicts changed" in run(sqlite_site, "rescore", ids[0]).stdout


def test_file_of_cases_is_checked(sqlite_site: Site, plan: Path) -> None:
    found = json.loads(run(sqlite_site, "check", str(plan.with_name("small.jsonl")), "--json").stdout)
    assert (found["cases"], found["templates"], found["warnings"]) == (20, 4, [])
    with pytest.raises(InputError):
        run(sqlite_site, "check", str(plan))


def test_watch_begins_and_ends(sqlite_site: Site, plan: Path) -> None:
    run(sqlite_site, "run", str(plan))
    watch = json.loads(run(sqlite_site, "watch", "--hours", "6", "--json").stdout)["watch"]
    assert run(sqlite_site, "watch", watch, "--end").exit_code == 0


def test_bar_shows_the_running_bound_where_somebody_watches() -> None:
    tally = Tally()
    tally.add(Verdict.PASS, "a", 59)
    progress = Progress("run", 100, 59, tallies={"s": tally})
    assert "59/100" in describe_progress(progress)
    assert "<= 4.95%" in describe_progress(progress)
    silent = io.StringIO()
    Bar(silent).show(progress)
    assert silent.getvalue() == ""
