"""``akashi evaluate``: run, resume, show, compare, judge again, check and import files of cases."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of
from akashi.platform.rooms import call_name

PACKAGE = "akashi.domains.evaluation"
app = typer.Typer(no_args_is_help=True)

RunArgument = Annotated[str, typer.Argument(help="The id of a run, or 'last'.")]


@app.callback()
def evaluate() -> None:
    """Prove or disprove, on cases with a source, that an AI is safe."""


@app.command("run")
def run_plan(
    context: typer.Context,
    plan: Annotated[Path, typer.Argument(help="A TOML file; docs/evaluation.md shows one.")],
    json: JsonOption = False,
) -> None:
    """Play the suites of a plan to its target, judge the replies, keep everything."""
    site = site_of(context)
    made = call_name(f"{PACKAGE}.register.plans:read_plan", plan)
    run = call_name(f"{PACKAGE}.running:start_run", site, made, local_actor())
    _go_on(site, run, json=json)


@app.command()
def resume(context: typer.Context, run: RunArgument = "last", json: JsonOption = False) -> None:
    """Go on with a run that was ended: nothing is lost, and at most what was under way is asked again."""
    site = site_of(context)
    _go_on(site, _find(site, run), json=json)


@app.command()
def show(context: typer.Context, run: RunArgument = "last", json: JsonOption = False) -> None:
    """Show what may be said of a run: counts and bounds, controls, and whether its chain holds."""
    site = site_of(context)
    _show(site, _find(site, run), json=json)


@app.command("list")
def list_kept(context: typer.Context, json: JsonOption = False) -> None:
    """List the runs, newest first."""
    rows = call_name(f"{PACKAGE}.report:list_summaries", site_of(context))
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['state']:9} {row['mode']:10} {row['cases']:7}  {row['title']}")


@app.command()
def compare(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="The run before.")],
    after: Annotated[str, typer.Argument(help="The run after.")],
    json: JsonOption = False,
) -> None:
    """Compare two runs case by case: exact McNemar, and every case on which they differ."""
    site = site_of(context)
    found = call_name(f"{PACKAGE}.report:describe_comparison", site, _find(site, before), _find(site, after))
    if json:
        print_json(found)
        return
    for one in found["suites"]:
        typer.echo(
            f"{one['name']:16} {one['paired']:6} pairs  fixed {one['fixed']:5}  broken {one['broken']:5}"
            f"  p = {one['p']:.4g}  {one['said']}"
        )


@app.command()
def rescore(context: typer.Context, run: RunArgument = "last", json: JsonOption = False) -> None:
    """Judge the stored replies of a run again with the rules of today; nothing is asked."""
    site = site_of(context)
    found = _find(site, run)
    changed = call_name(f"{PACKAGE}.rescoring:rescore_run", site, found, local_actor())
    if not json:
        typer.echo(f"{len(changed)} verdicts changed")
    _show(site, found, json=json)


@app.command()
def judge(
    context: typer.Context,
    run: RunArgument = "last",
    file: Annotated[
        Path | None, typer.Argument(help="A TOML file naming the model; without it the own endpoint.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Ask a model, at least three times each, what no fixed rule can judge; people decide all the same."""
    site = site_of(context)
    found = _find(site, run)
    plan = call_name(f"{PACKAGE}.judging.plans:read_judge", file)
    report = call_name(f"{PACKAGE}.judging.asking:judge_run", site, found, plan, local_actor())
    if json:
        print_json(call_name("dataclasses:asdict", report))
    else:
        typer.echo(
            f"{report.state} {report.reason}\n{report.units} replies: {report.passed} passed, "
            f"{report.failed} failed, {report.flipped} contradictory; {report.votes} votes, "
            f"{report.tokens} tokens, {report.microyen / 1e6:.2f} yen\n"
            "What only a model has judged stays inconclusive until people have judged it."
        )
    if report.state != "qualified":
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def watch(
    context: typer.Context,
    run: RunArgument = "last",
    hours: Annotated[int, typer.Option(help="How often it is repeated.")] = 24,
    share: Annotated[float, typer.Option(help="Which part of the cases is asked again.")] = 0.1,
    end: Annotated[bool, typer.Option("--end", help="End the watch with this id.")] = False,
    json: JsonOption = False,
) -> None:
    """Repeat a part of a run on a schedule; what became worse, or another model, becomes a finding."""
    site = site_of(context)
    if end:
        call_name(f"{PACKAGE}.watch:end_watch", site, run, local_actor())
        return
    made = call_name(f"{PACKAGE}.watch:start_watch", site, _find(site, run), hours, share, local_actor())
    if json:
        print_json({"watch": made})
    else:
        typer.echo(f"{made}: every {hours} hours, {share:.0%} of the cases")


@app.command()
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of cases, JSON lines.")],
    json: JsonOption = False,
) -> None:
    """Say what a file of cases holds, or what is wrong with it and where."""
    found = call_name(f"{PACKAGE}.report:check_file", site_of(context), file)
    if json:
        print_json(found)
    else:
        typer.echo(
            f"{found['suite']}: {found['cases']} cases, {found['units']} units, "
            f"{found['templates']} templates"
        )
        for warning in found["warnings"]:
            typer.echo(f"  {warning}")


@app.command("import")
def import_cases(
    file: Annotated[Path, typer.Argument(help="An AISI preset (.csv) or a promptfoo file (.yaml).")],
    out: Annotated[Path, typer.Option(help="Where the file of cases is written; its name is the suite's.")],
    json: JsonOption = False,
) -> None:
    """Turn what another tool wrote into a file of cases."""
    found = call_name(f"{PACKAGE}.register.imports:import_file", file, out)
    if json:
        print_json(found)
    else:
        typer.echo(f"{found['cases']} cases written to {out}; {len(found['remarks'])} remarks")
        for remark in found["remarks"]:
            typer.echo(f"  {remark}")


def _find(site: Any, run: str) -> str:
    found: str = call_name(f"{PACKAGE}.report:find_run", site, run)
    return found


def _go_on(site: Any, run: str, *, json: bool) -> None:
    bar = call_name(f"{PACKAGE}.bar:Bar", sys.stderr)
    call_name(f"{PACKAGE}.running:continue_run", site, run, local_actor(), bar.show)
    bar.end()
    _show(site, run, json=json)


def _show(site: Any, run: str, *, json: bool) -> None:
    found = call_name(f"{PACKAGE}.report:describe_run", site, run)
    if json:
        print_json(found)
    else:
        typer.echo("\n".join(call_name(f"{PACKAGE}.report:write_lines", found)))
    if found["state"] != "finished" or any(not one["kept"] for one in found["suites"]):
        raise typer.Exit(EXIT_FINDINGS)
