"""The house keeps its own rules: layers, light commands, an empty domain in one folder and one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from akashi.house import ROOMS, list_rooms

ROOT = Path(__file__).resolve().parents[2]

EMPTY_DOMAIN = '''"""An empty domain, for nobody yet."""

from akashi.platform.rooms import NavItem, Room

ROOM = Room(
    package="akashi.domains.lighthouse",
    title="Lighthouse",
    summary="Nothing yet.",
    router="akashi.domains.lighthouse.pages:router",
    commands="akashi.domains.lighthouse.commands:app",
    command_name="lighthouse",
    nav=(NavItem("Lighthouse", "/lighthouse"),),
)
'''
PAGES = '''"""One page."""

from fastapi import APIRouter

router = APIRouter()


@router.get("/lighthouse")
def show() -> str:
    """Return a word."""
    return "light"
'''
COMMANDS = '''"""Two commands; the second stands in no role table."""

import typer

app = typer.Typer()


@app.command()
def shine() -> None:
    """Shine."""
    typer.echo("light")


@app.command()
def unlisted() -> None:
    """Never offered."""
'''
ASK = """
from starlette.testclient import TestClient
from akashi.house import lend_ports, list_rooms
from akashi.platform.installation import prepare_installation
from akashi.platform.settings import read_settings
from akashi.platform.site import open_site
from akashi.web.app import create_app

settings = read_settings()
prepare_installation(settings, list_rooms())
app = create_app(open_site(settings, list_rooms(), lend_ports(settings.home)))
client = TestClient(app, base_url="http://localhost:8765")
print(client.get("/lighthouse").text)
"""


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the copied tree with a home of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree / "src"),
        "AKASHI_HOME": str(tree / "home"),
        "AKASHI_KEY_FILE": str(tree / "master.key"),
    }
    return subprocess.run(
        [sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.full
def test_empty_domain_is_one_folder_and_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "src" / "akashi" / "domains" / "lighthouse"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text(EMPTY_DOMAIN)
    (folder / "pages.py").write_text(PAGES)
    (folder / "commands.py").write_text(COMMANDS)
    (folder / "data" / "roles.csv").write_text(
        "kind,method,target,roles\nroute,GET,/lighthouse,public\ncommand,,lighthouse shine,local\n"
    )
    house = tmp_path / "src" / "akashi" / "house.py"
    text = house.read_text()
    house.write_text(
        text.replace(
            '"akashi.domains.assistant",', '"akashi.domains.assistant",\n    "akashi.domains.lighthouse",'
        )
    )

    assert run(tmp_path, "-m", "akashi", "lighthouse", "shine").stdout == "light\n"
    assert "unlisted" not in run(tmp_path, "-m", "akashi", "lighthouse", "--help").stdout
    assert run(tmp_path, "-W", "ignore", "-c", ASK).stdout.strip() == '"light"'
    linted = run(tmp_path, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert linted.returncode == 0, linted.stdout


def test_domain_that_imports_another_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "src" / "akashi" / "domains" / "lighthouse"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Looks next door."""\n\nimport akashi.domains.assistant\n')
    linted = run(tmp_path, str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert linted.returncode == 1
    assert "akashi.domains.lighthouse" in linted.stdout


def test_every_room_says_who_it_is() -> None:
    assert len(list_rooms()) == len(ROOMS)
    assert all(room.title and room.summary for room in list_rooms())
    assert len({room.name for room in list_rooms()}) == len(ROOMS)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, akashi.cli.main as m\n"
        "sys.argv = ['akashi', '--help']\n"
        "code = m.run_with_codes()\n"
        "heavy = {'sqlalchemy', 'fastapi', 'numpy', 'sudachipy', 'alembic'} & set(sys.modules)\n"
        "print(code, sorted(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
    assert "Commands" in done.stdout
