"""Make ``.venv`` and install one of the pinned sets into it: runtime, test or bench.

The set ``peer`` goes into ``.peers``, apart: other people's engines whose pins contradict ours.

Standard library only. Uses uv when it can be installed and pip otherwise; uv does not read pip's
configuration, so pip's index settings are handed to it. ``AKASHI_WHEELHOUSE=folder`` installs from a
folder made by ``make wheelhouse`` without any network.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = "peer"
VENV = ROOT / (".peers" if sys.argv[1:] == [PEERS] else ".venv")
PYTHON = VENV / "bin" / "python"
SETS = {
    PEERS: [PEERS],
    "runtime": ["runtime"],
    "test": ["runtime", "test"],
    "bench": ["runtime", "test", "bench"],
}


def main(name: str) -> int:
    """Install the set ``name`` unless exactly this set is there already."""
    if sys.version_info < (3, 11):
        print(f"Akashi needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    files = [ROOT / "requirements" / f"{part}.txt" for part in SETS[name]]
    stamp = VENV / f".akashi-{name}"
    if stamp.is_file() and stamp.read_text() == fingerprint(files) and PYTHON.exists():
        return 0
    if not PYTHON.exists():
        print(f"Making {VENV.name} …", file=sys.stderr)
        venv.create(VENV, with_pip=True)
    print(f"Installing pinned packages ({name}) …", file=sys.stderr)
    install(files)
    stamp.write_text(fingerprint(files))
    return 0


def fingerprint(files: list[Path]) -> str:
    """Return a digest of everything that decides what is installed."""
    parts = [ROOT / "pyproject.toml", *files]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()


def install(files: list[Path]) -> None:
    """Install the requirement files with hashes, then the product itself in place."""
    requirements = [word for path in files for word in ("-r", str(path))]
    offline = offline_options()
    if offline or not run(
        [str(PYTHON), "-m", "pip", "install", "-q", "-r", str(ROOT / "requirements/installer.txt")]
    ):
        pip(["--require-hashes", *offline, *requirements])
    elif not uv(["--require-hashes", *requirements]):
        print("uv could not install; trying pip.", file=sys.stderr)
        pip(["--require-hashes", *requirements])
    if VENV.name == ".peers":
        return
    if offline or not uv(["--no-deps", "--no-build-isolation", "-e", str(ROOT)]):
        pip(["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    # The product lies in place, so no installer compiles it: without this every start would, wherever
    # Python may not write its bytecode.
    run([str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(ROOT / "src")])


def offline_options() -> list[str]:
    """Return pip's options for a wheelhouse, or nothing."""
    folder = os.environ.get("AKASHI_WHEELHOUSE")
    return ["--no-index", "--find-links", str(Path(folder).absolute())] if folder else []


def pip(arguments: list[str]) -> None:
    """Run pip in the virtual environment; it must succeed."""
    subprocess.run(
        [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments], check=True
    )


def uv(arguments: list[str]) -> bool:
    """Run uv in the virtual environment with pip's index settings; return whether it succeeded.

    Packages are compiled to bytecode on the way, as pip does by itself: imports take half the time.
    """
    environment = {**os.environ, **index_settings()}
    options = ["-q", "--compile-bytecode", "--python", str(PYTHON)]
    return run([str(VENV / "bin" / "uv"), "pip", "install", *options, *arguments], environment)


def index_settings() -> dict[str, str]:
    """Return pip's configured indexes in uv's words."""
    words = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS"}
    listed = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    # As pip does: the best version of any index. Hashes decide what is accepted, so no index can slip one in.
    found: dict[str, str] = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = words.get(key.rsplit(".", 1)[-1])
        places = [place for place in value.strip("'\"").split() if is_there(place)]
        if name and places:
            found[name] = " ".join(places)
    return found


def is_there(place: str) -> bool:
    """Return whether an index or folder can exist: local ones must, remote ones may."""
    local = place.removeprefix("file://")
    return "://" in local or Path(local).exists()


def run(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command and return whether it succeeded."""
    return subprocess.run(command, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))
