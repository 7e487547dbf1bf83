"""Commands that read the register of AI use cases and write its papers; the command line never decides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.governance.measure import is_stale, list_gates
from akashi.domains.governance.papers import paper_of
from akashi.domains.governance.report import list_lines, tell_line
from akashi.domains.governance.treat import read_case
from akashi.platform.commands import JsonOption, print_json, site_of
from akashi.platform.kit.catalogs import Catalogs, Translator
from akashi.platform.papers.answers import FORMS, make_file
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site

app = typer.Typer(help="Read the AI use cases, what stands in their way, and their papers.")


@app.command("list")
def list_all(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the AI use cases, the riskiest first."""
    lines = list_lines(site_of(context))
    if as_json:
        print_json([tell_line(one) for one in lines])
        return
    for one in lines:
        stale = "  decision is stale" if one.is_stale else ""
        typer.echo(f"{one.code:<28} {one.tier.value:<7} {one.phase.value:<10} {one.title}{stale}")
    if not lines:
        typer.echo("No AI use case is registered.")


@app.command("show")
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code of the use case.")],
    as_json: JsonOption = False,
) -> None:
    """Show where a use case stands and what stands in its way; exit code 1 when something does."""
    case = read_case(site_of(context), code)
    gates = list_gates(case.standing)
    found = {
        "code": code,
        "title": case.standing.use_case.title,
        "tier": case.standing.tier,
        "phase": case.phase,
        "digest": case.standing.digest,
        "stale": is_stale(case.standing.events, case.standing.digest),
        "run": case.standing.run.id if case.standing.run else None,
        "gates": [
            {"name": one.name, "open": one.is_open, "told": one.told.format(**one.values)} for one in gates
        ],
    }
    if as_json:
        print_json(found)
    else:
        typer.echo(f"{found['title']}\n{found['tier']} risk, {found['phase']}")
        for one in gates:
            typer.echo(f"  {'ok ' if one.is_open else 'NOT'}  {one.title}: {one.told.format(**one.values)}")
    if not all(one.is_open for one in gates):
        raise typer.Exit(1)


@app.command("paper")
def paper(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code of the use case.")],
    kind: Annotated[str, typer.Argument(help="policy, report or committee.")],
    out: Annotated[Path, typer.Option(help="A file ending in .html, .pdf or .docx; must not exist yet.")],
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: JsonOption = False,
) -> None:
    """Write the policy, the evaluation report or the committee paper of a use case."""
    form = out.suffix.lstrip(".")
    if form not in FORMS or language not in ("ja", "en"):
        raise InputError("A paper is given as html, pdf or docx, in ja or en.", where=str(out))
    site = site_of(context)
    content = make_file(paper_of(site, read_case(site, code), kind, *speakers(site, language)), form)
    try:
        with out.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            "The file cannot be written.", where=str(out), next_step="Choose a new file."
        ) from error
    if as_json:
        print_json({"path": str(out), "bytes": len(content)})
    else:
        typer.echo(f"Written: {out}")


def speakers(site: Site, language: str) -> tuple[Translator, Translator]:
    """Return who speaks for this room and for the register, outside of a page."""
    catalogs = Catalogs((room.name, package_folder(room.package)) for room in site.rooms)
    return catalogs.translator(language, "governance"), catalogs.translator(language, "register")
