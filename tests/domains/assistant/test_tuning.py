"""An institution sets threshold and ranker from its own labelled questions, and can always go back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from akashi.core.display import Health
from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience, Outcome, Question
from akashi.domains.assistant import tuning_store
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.commands import app
from akashi.domains.assistant.labels import parse_labelled
from akashi.domains.assistant.library import Shelf, library_of
from akashi.domains.assistant.measure.confidence import shipped_calibration
from akashi.domains.assistant.measure.ranker import Ranker, shipped_ranker
from akashi.domains.assistant.report import checks
from akashi.domains.assistant.tuning_commands import LEAST_QUESTIONS
from akashi.domains.assistant.tuning_store import Kind, keep_tuning, read_tuning
from akashi.ledger.store import Filter, list_entries
from akashi.platform.sheets import write_csv
from akashi.platform.site import Site
from benchmarks.sample_queries import read_sample

MARRIED = "結婚して名字が変わりました"


def run(site: Site, *words: str) -> Any:
    """Run a command of the room on a site; what it raises comes out."""
    done = CliRunner().invoke(app, words, obj=lambda: site, catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout) if "--json" in words else done.stdout


def shelf_of(site: Site) -> Shelf:
    with site.database.read() as connection:
        return library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(site.now()))


def labelled_file(site: Site, folder: Path, every: int = 1) -> Path:
    """The sample's dev queries, one of each ``every`` of them, as an institution would hand them in."""
    entries, queries = read_sample()
    names = {entry.id: entry.question for entry in entries}
    known = {entry.question for entry in shelf_of(site).index.entries}
    rows = [["text", "answer"]]
    for query in [one for one in queries if one.split == "dev"][::every]:
        answers = {names[right] for right in query.judged} & known
        rows += [[query.text, name] for name in sorted(answers) or [""]]
    path = folder / "labelled.csv"
    path.write_bytes(write_csv(rows))
    return path


def keep(site: Site, kind: Kind, settings: dict[str, float], ranker: Ranker | None = None) -> None:
    with site.database.write() as connection:
        keep_tuning(connection, kind, settings, {}, "local:test", site.now(), ranker)


def outcome(site: Site) -> Outcome:
    return ask(site, Question(MARRIED, site.now())).answer.outcome


def test_threshold_holds_at_once_and_undo_brings_the_shipped_one_back(sample_site: Site) -> None:
    assert outcome(sample_site) is Outcome.ANSWERED
    keep(sample_site, Kind.THRESHOLD, {"threshold": 1.0})
    assert outcome(sample_site) is not Outcome.ANSWERED
    keep(sample_site, Kind.THRESHOLD, {})
    assert outcome(sample_site) is Outcome.ANSWERED
    assert shelf_of(sample_site).calibration == shipped_calibration()


def test_setting_a_threshold_reads_no_document_again(sample_site: Site) -> None:
    before = shelf_of(sample_site).index
    keep(sample_site, Kind.THRESHOLD, {"threshold": 0.9})
    assert shelf_of(sample_site).index.blocks is before.blocks


def test_every_setting_stands_in_the_ledger_without_any_question(sample_site: Site) -> None:
    keep(sample_site, Kind.RANKER, {"coverage": 1.5})
    with sample_site.database.read() as connection:
        (entry,) = list_entries(connection, Filter(kind="assistant.tuned"), 10)
    assert json.loads(entry.payload)["settings"] == {"coverage": "1.500"}


def test_own_ranker_orders_and_weights_are_bounded(sample_site: Site) -> None:
    keep(sample_site, Kind.RANKER, {"coverage": 50.0, "agreement": -4.0, "nonsense": 1.0})
    ranker = shelf_of(sample_site).index.ranker
    assert ranker == Ranker({"coverage": 3.0, "agreement": 0.0})


def test_after_an_upgrade_the_own_ranker_lapses_and_the_higher_threshold_holds(
    sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(sample_site, Kind.RANKER, {"coverage": 1.5})
    keep(sample_site, Kind.THRESHOLD, {"threshold": 0.2}, Ranker({"coverage": 1.5}))
    with sample_site.database.read() as connection:
        assert read_tuning(connection).calibration.threshold == 0.2
        monkeypatch.setattr(tuning_store, "_shipped_digest", lambda: "another")
        tuning = read_tuning(connection)
    assert tuning.stale == {Kind.RANKER, Kind.THRESHOLD}
    assert tuning.ranker == shipped_ranker()
    assert tuning.calibration == shipped_calibration()


def test_new_ranker_lowers_no_threshold(sample_site: Site) -> None:
    keep(sample_site, Kind.THRESHOLD, {"threshold": 0.2})
    keep(sample_site, Kind.RANKER, {"coverage": 1.5})
    assert shelf_of(sample_site).calibration.threshold == shipped_calibration().threshold


def test_calibrate_shows_the_curve_sets_the_threshold_and_undoes(sample_site: Site, tmp_path: Path) -> None:
    path = labelled_file(sample_site, tmp_path)
    found = run(sample_site, "calibrate", str(path), "--precision", "0.85", "--json")
    assert found["point"]["precision"] >= 0.85 > found["point"]["least"]
    assert found["left_out"] is not None
    assert len(found["curve"]) >= 10
    assert shelf_of(sample_site).calibration.threshold == found["point"]["threshold"]
    assert "shipped" in run(sample_site, "calibrate", "--undo")
    assert shelf_of(sample_site).calibration == shipped_calibration()


@pytest.mark.full
def test_train_keeps_nothing_that_may_be_chance_and_says_so(sample_site: Site, tmp_path: Path) -> None:
    path = labelled_file(sample_site, tmp_path)
    found = run(sample_site, "train", str(path), "--json")
    assert found["kept"] == found["is_better"] == (shelf_of(sample_site).tuned > 0)
    assert sum(found["ranker"].values()) == pytest.approx(sum(shipped_ranker().weights.values()), abs=0.01)
    assert found["pairs"] > 50


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"text\nx\n", "column"),
        ("text,answer\n,口座\n".encode(), "Row 2"),
        ("text,answer\n通帳をなくした,そんな質問はありません\n".encode(), "Row 2"),
        (b"text,answer\n", "Between 1"),
    ],
)
def test_bad_file_is_refused_by_row(sample_site: Site, content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_labelled("q.csv", content, shelf_of(sample_site))


def test_entry_is_named_by_question_in_any_width_or_by_passage(sample_site: Site) -> None:
    shelf = shelf_of(sample_site)
    entry = next(one for one in shelf.index.entries if "ATM" in one.question)
    wide = entry.question.replace("ATM", "ＡＴＭ")
    content = write_csv([["text", "answer"], ["a?", wide], ["b?", entry.id], ["c?", ""]])
    first, second, nothing = parse_labelled("q.csv", content, shelf)
    assert entry.id in first.right
    assert second.right == {entry.id}
    assert nothing.right == frozenset()


def test_few_questions_calibrate_nothing(sample_site: Site, tmp_path: Path) -> None:
    rows = [["text", "answer"], *([f"{number}番の質問", ""] for number in range(LEAST_QUESTIONS - 1))]
    path = tmp_path / "few.csv"
    path.write_bytes(write_csv(rows))
    with pytest.raises(InputError, match="too few"):
        run(sample_site, "calibrate", str(path))
    path.write_bytes(write_csv([*rows, ["もうひとつ", ""], ["さらに", ""]]))
    with pytest.raises(ConflictError, match="nothing was changed"):
        run(sample_site, "calibrate", str(path))
    assert shelf_of(sample_site).tuned == 0


def test_dry_run_changes_nothing(sample_site: Site, tmp_path: Path) -> None:
    shown = run(sample_site, "calibrate", str(labelled_file(sample_site, tmp_path, 4)), "--dry-run")
    assert "<- chosen" in shown
    assert "Would set" in shown
    assert shelf_of(sample_site).tuned == 0


def test_doctor_tells_what_was_measured_before_something_changed(sample_site: Site) -> None:
    keep(sample_site, Kind.THRESHOLD, {"threshold": 0.8})
    own = next(one for one in checks(sample_site) if one.name == "own settings")
    assert (own.health, own.detail) == (Health.OK, "threshold; threshold 0.800")
    keep(sample_site, Kind.RANKER, {"coverage": 1.5})
    own = next(one for one in checks(sample_site) if one.name == "own settings")
    assert own.health is Health.WARNING


def test_newest_setting_of_each_kind_holds_on_both_databases(site: Site) -> None:
    keep(site, Kind.THRESHOLD, {"threshold": 0.5})
    keep(site, Kind.RANKER, {"coverage": 1.5})
    keep(site, Kind.THRESHOLD, {"threshold": 0.9}, Ranker({"coverage": 1.5}))
    with site.database.read() as connection:
        tuning = read_tuning(connection)
    assert (tuning.number, tuning.calibration.threshold, tuning.stale) == (3, 0.9, frozenset())
    assert tuning.ranker == Ranker({"coverage": 1.5})
