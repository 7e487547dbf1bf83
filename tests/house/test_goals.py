"""The goals of the benchmarks: each names a benchmark that is run, and a miss is called a miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import PLANS
from benchmarks.goals import Goal, hold_against, read_goals, show_goals


def test_every_goal_belongs_to_a_benchmark_that_is_run() -> None:
    assert set(read_goals()) <= set(PLANS)


def test_a_missed_goal_and_a_figure_that_is_not_there_are_called_missed() -> None:
    goals = [
        Goal("kept", ("a/caught", "b/caught"), of=("a/n", "b/n"), least=0.75),
        Goal("lost", ("a/caught",), less=("a/n",), least=0),
        Goal("absent", ("c/caught",), most=1),
        Goal("nothing counted", ("a/caught",), of=("b/none",), most=1),
    ]
    figures = {"a": {"caught": 2, "n": 3}, "b": {"caught": 1, "n": 1, "none": 0}}
    held = hold_against(figures, goals)
    assert [(one["seen"], one["met"]) for one in held] == [
        (0.75, True),
        (-1, False),
        (None, False),
        (None, False),
    ]
    assert show_goals(held).splitlines() == [
        "  met    kept: 0.75 (goal >= 0.75)",
        "  MISSED lost: -1 (goal >= 0)",
        "  MISSED absent: not measured (goal <= 1)",
        "  MISSED nothing counted: not measured (goal <= 1)",
    ]


def test_a_goal_needs_exactly_one_bound(tmp_path: Path) -> None:
    path = tmp_path / "goals.toml"
    path.write_text('[pii]\n"open" = { value = ["a"] }\n')
    with pytest.raises(ValueError, match="pii: open"):
        read_goals(path)
