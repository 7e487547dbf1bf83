"""``akashi assistant calibrate`` and ``train``: an institution's own threshold and ranker."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.domains.assistant.labels import parse_labelled
from akashi.domains.assistant.library import Shelf, library_of
from akashi.domains.assistant.measure.ranker import Ranker, shipped_ranker
from akashi.domains.assistant.measure.tuning import (
    Labelled,
    Threshold,
    Trained,
    calibrate_threshold,
    judge_first,
    train_ranker,
)
from akashi.domains.assistant.tuning_store import Kind, keep_tuning
from akashi.ledger.model import JsonValue
from akashi.platform.commands import JsonOption, local_actor, print_json, site_of
from akashi.platform.site import Site

LEAST_QUESTIONS = 50
"""Fewer labelled questions say nothing: with 50, half of them answered, nine of ten right is at least .77."""
LEAST_ANSWERED = 10
LOWEST_PRECISION, HIGHEST_PRECISION = 0.5, 0.995

FileArgument = Annotated[
    Path | None, typer.Argument(help="CSV or XLSX, columns text and answer.", dir_okay=False)
]
UndoOption = Annotated[bool, typer.Option("--undo", help="Go back to what is shipped.")]
TryOption = Annotated[bool, typer.Option("--dry-run", help="Only measure and show.")]


def calibrate(
    context: typer.Context,
    path: FileArgument = None,
    precision: Annotated[float, typer.Option(help="Share of what is answered that is to be right.")] = 0.9,
    undo: UndoOption = False,
    dry_run: TryOption = False,
    json: JsonOption = False,
) -> None:
    """Set from which confidence on customers are answered, for a target precision on labelled questions."""
    site = site_of(context)
    if undo:
        _undo(site, Kind.THRESHOLD, as_json=json)
        return
    if not LOWEST_PRECISION <= precision <= HIGHEST_PRECISION:
        raise InputError("The precision must lie between 0.5 and 0.995.", where="--precision")
    shelf, asked = _read_labelled(site, path)
    values, right = judge_first(shelf.index, asked, shelf.calibration)
    found = calibrate_threshold(values, right, precision)
    if found.point.answered < LEAST_ANSWERED:
        raise ConflictError(
            "No threshold answers ten of these questions at this precision; nothing was changed.",
            next_step="Ask for less, label more questions, or look at which answers are wrong.",
        )
    if not dry_run:
        figures: dict[str, JsonValue] = {"questions": len(asked), "target": f"{precision:.3f}"}
        figures |= {name: f"{value:.4f}" for name, value in asdict(found.point).items()}
        _keep(site, Kind.THRESHOLD, {"threshold": found.point.threshold}, figures, shelf.index.ranker)
    if json:
        print_json({"kept": not dry_run, "target": precision, **asdict(found)})
    else:
        _show_threshold(found, shelf.calibration.threshold, kept=not dry_run)


def _show_threshold(found: Threshold, before: float, *, kept: bool) -> None:
    typer.echo("confidence  answered   share  precision  at least (one-sided 95 %)")
    for point in (*found.curve, found.point):
        mark = "  <- chosen" if point is found.point else ""
        typer.echo(
            f"{point.threshold:10.3f} {point.answered:9} {point.share:7.1%} {point.precision:10.1%}"
            f" {point.least:9.1%}{mark}"
        )
    left_out = "none would be answered" if found.left_out is None else f"{found.left_out:.1%} right"
    typer.echo(f"Of questions the threshold was not chosen on, in five folds: {left_out}.")
    typer.echo(f"{'Set' if kept else 'Would set'} {found.point.threshold:.3f} instead of {before:.3f}.")


def train(
    context: typer.Context,
    path: FileArgument = None,
    pairs: Annotated[bool, typer.Option(help="Also learn from the corpus' own pairs.")] = True,
    undo: UndoOption = False,
    dry_run: TryOption = False,
    json: JsonOption = False,
) -> None:
    """Fit the order of the best entries to labelled questions; kept only where they prove it better."""
    site = site_of(context)
    if undo:
        _undo(site, Kind.RANKER, as_json=json)
        return
    shelf, asked = _read_labelled(site, path)
    found = train_ranker(shelf.index, asked, shelf.index.ranker or shipped_ranker(), pairs)
    kept = found.is_better and not dry_run
    if kept:
        figures: dict[str, JsonValue] = {"questions": found.questions, "pairs": found.pairs}
        figures |= {"ndcg_before": f"{found.before:.4f}", "ndcg_after": f"{found.after:.4f}"}
        _keep(site, Kind.RANKER, dict(found.ranker.weights), figures, None)
    if json:
        weights = dict(found.ranker.weights)
        print_json({"kept": kept, "is_better": found.is_better, **asdict(found), "ranker": weights})
    else:
        _show_ranker(found, kept=kept)


def _show_ranker(found: Trained, *, kept: bool) -> None:
    for name, weight in found.ranker.weights.items():
        typer.echo(f"{name:10} {weight:6.3f}")
    typer.echo(
        f"nDCG@10 of {found.questions} questions, in five folds: {found.before:.3f} before,"
        f" {found.after:.3f} after (standard error of the gain {found.error:.3f}); {found.pairs} own pairs."
    )
    if kept:
        typer.echo("Kept. Calibrate again: until then the higher of shipped and own threshold holds.")
    else:
        typer.echo("Not kept." if found.is_better else "Not kept: the gain may be chance.")


def _read_labelled(site: Site, path: Path | None) -> tuple[Shelf, list[Labelled]]:
    if path is None or not path.is_file():
        raise InputError("There is no such file.", where=str(path or "FILE"))
    with site.database.read() as connection:
        shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(site.now()))
    asked = parse_labelled(path.name, path.read_bytes(), shelf)
    if len(asked) < LEAST_QUESTIONS:
        raise InputError(
            "{count} questions are too few; at least {least} are needed.",
            where=path.name,
            count=len(asked),
            least=LEAST_QUESTIONS,
        )
    return shelf, asked


def _keep(
    site: Site, kind: Kind, settings: dict[str, float], figures: dict[str, JsonValue], ranker: Ranker | None
) -> int:
    with site.database.write() as connection:
        return keep_tuning(connection, kind, settings, figures, local_actor().id, site.now(), ranker)


def _undo(site: Site, kind: Kind, *, as_json: bool) -> None:
    number = _keep(site, kind, {}, {}, None)
    if as_json:
        print_json({"number": number, "kind": kind.value, "kept": False})
    else:
        typer.echo("What is shipped holds again.")
