"""``akashi publish`` and ``akashi bundle``: give a use case to others, and take one from them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from akashi.core.errors import InputError
from akashi.core.evaluated import EvaluatedSuite
from akashi.domains.governance.bundle.adopting import (
    adopt_bundle,
    compare_bundle,
    import_bundle,
    list_imported,
    rerun_bundle,
)
from akashi.domains.governance.bundle.container import MOST_BYTES
from akashi.domains.governance.bundle.contents import write_bundle
from akashi.domains.governance.bundle.manifest import open_bundle
from akashi.domains.governance.bundle.plan import make_plan
from akashi.domains.governance.commands import speakers
from akashi.domains.governance.treat import read_case
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of
from akashi.platform.papers.answers import FORMS, make_file

publish_app, app = typer.Typer(), typer.Typer(help="Verify, import, re-run, compare and adopt bundles.")

BundleFile = Annotated[Path, typer.Argument(help="A file ending in .akashi.")]
Digest = Annotated[str, typer.Argument(help="The digest of an imported bundle, its beginning, or last.")]
Trust = Annotated[str, typer.Option(help="The publisher's fingerprint, learned by another way.")]


@publish_app.command()
def publish(
    context: typer.Context,
    use_case: Annotated[str, typer.Argument(help="The code of the use case.")],
    out: Annotated[Path, typer.Option(help="The file to write; must not exist yet.")],
    withhold: Annotated[list[str] | None, typer.Option(help="A suite to keep; only its digest goes.")] = None,
    json: JsonOption = False,
) -> None:
    """Write a use case with its policy, report, suites and run digests into one signed file."""
    site = site_of(context)
    said, register_said = speakers(site, "ja")
    content = write_bundle(site, read_case(site, use_case), said, register_said, tuple(withhold or ()))
    write_new(out, content)
    bundle = open_bundle(content)
    if json:
        print_json({"path": str(out), "digest": bundle.digest, "fingerprint": bundle.fingerprint})
        return
    typer.echo(f"Written: {out}\nDigest: {bundle.digest}\nFingerprint of your key: {bundle.fingerprint}")
    typer.echo("Tell the fingerprint to whoever receives it by another way than the file.")


@app.command()
def verify(path: BundleFile, trust: Trust = "", json: JsonOption = False) -> None:
    """Check every byte of a bundle; exit code 1 when something was changed or the key is not trusted."""
    bundle = open_bundle(_read(path), str(path))
    faults = [{"kind": one.kind, "where": one.where} for one in bundle.faults]
    trusted = bool(trust) and trust.replace(" ", "").lower() == bundle.fingerprint.replace(" ", "").lower()
    facts = {name: value for name, value in bundle.manifest.items() if name not in ("entries", "format")}
    if json:
        told = {"whole": bundle.is_whole, "trusted": trusted, "faults": faults}
        print_json({**facts, **told, "fingerprint": bundle.fingerprint})
    else:
        for fault in faults:
            typer.echo(f"{fault['kind']}: {fault['where']}")
        typer.echo("Not as it was published." if faults else "Whole: every byte is as it was published.")
        typer.echo(f"{facts.get('publisher', '')}  {facts.get('title', '')}  {facts.get('published_on', '')}")
        doubt = "" if trusted else ", which you have not named as trusted"
        typer.echo(f"Signed with the key {bundle.fingerprint}{doubt}")
    if faults or not trusted:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("import")
def import_file(context: typer.Context, path: BundleFile, trust: Trust, json: JsonOption = False) -> None:
    """Keep a whole bundle of a trusted publisher; its reports are rendered here, nothing in it is run."""
    imported = import_bundle(site_of(context), _read(path), trust, local_actor())
    if json:
        print_json({"digest": imported.digest, "title": imported.title, "publisher": imported.publisher})
        return
    typer.echo(f"Imported: {imported.title} ({imported.publisher})\n{imported.digest}")


@app.command("list")
def list_all(context: typer.Context, json: JsonOption = False) -> None:
    """List the imported bundles, newest first."""
    with site_of(context).database.read() as connection:
        found = list_imported(connection)
    if json:
        print_json([{**asdict(one), "imported_at": one.imported_at.isoformat()} for one in found])
        return
    for one in found:
        typer.echo(f"{one.digest[:12]}  {one.publisher}  {one.title}  {one.adopted or 'not adopted'}")
    if not found:
        typer.echo("No bundle is imported.")


@app.command()
def rerun(
    context: typer.Context,
    digest: Digest = "last",
    target: Annotated[str, typer.Option(help="What is tested here: assistant or endpoint.")] = "assistant",
    json: JsonOption = False,
) -> None:
    """Put the published suites to a target of this installation."""
    run = rerun_bundle(site_of(context), digest, target, local_actor())
    if json:
        print_json({"run": run})
        return
    typer.echo(f"Run {run}. See: akashi bundle compare")


@app.command()
def compare(context: typer.Context, digest: Digest = "last", json: JsonOption = False) -> None:
    """Show the publisher's numbers beside ours; what is not comparable says so."""
    theirs, ours, beside = compare_bundle(site_of(context), digest)
    rows: list[dict[str, Any]] = [
        {
            "suite": one.name,
            "theirs": _tell(one.theirs),
            "ours": _tell(one.ours) if one.ours else None,
            "comparable": one.is_comparable,
        }
        for one in beside
    ]
    if json:
        print_json({"their_mode": theirs.mode, "our_mode": ours.mode if ours else None, "suites": rows})
        return
    typer.echo(f"Theirs: {theirs.mode}, {theirs.title}. Ours: {ours.mode if ours else 'not run yet'}.")
    for one in beside:
        said = "" if one.is_comparable else "  not comparable"
        typer.echo(f"{one.name:16} {_write(one.theirs)}   {_write(one.ours) if one.ours else '-'}{said}")


@app.command()
def adopt(
    context: typer.Context,
    digest: Digest = "last",
    code: Annotated[str, typer.Option(help="The code of the draft here; by default the publisher's.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Also write the adoption plan: .html, .pdf or .docx.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Draft a use case of our own from a bundle, with an adoption plan; nothing goes live by it."""
    site = site_of(context)
    form = out.suffix.lstrip(".") if out else ""
    if out and form not in FORMS:
        raise InputError("A paper is given as html, pdf or docx.", where=str(out))
    made = adopt_bundle(site, digest, code, local_actor())
    if out:
        write_new(out, make_file(make_plan(site, digest, *speakers(site, "ja")), form))
    if json:
        print_json({"use_case": made, "plan": str(out) if out else None})
        return
    typer.echo(f"Drafted: {made}. Fill in what is local at /register/use_case/records/{made}")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet. Raises: InputError: it exists, or cannot be written."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            "The file cannot be written.", where=str(path), next_step="Choose a new file."
        ) from error


def _tell(suite: EvaluatedSuite) -> dict[str, Any]:
    return {"failed": suite.failed, "n": suite.n, "upper": suite.upper}


def _write(suite: EvaluatedSuite) -> str:
    return f"{suite.failed}/{suite.n} <= {suite.upper:.4f}"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError("The file cannot be read.", where=str(path)) from error
