"""Settings come from defaults, then the file, then the environment, and bad ones say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from akashi.core.errors import InputError
from akashi.platform.settings import read_settings


def test_defaults_stay_on_this_machine(tmp_path: Path) -> None:
    settings = read_settings({"AKASHI_HOME": str(tmp_path), "HOME": str(tmp_path)})
    assert settings.host == "127.0.0.1"
    assert settings.allowed_hosts == ()
    assert settings.database_url == f"sqlite:///{tmp_path / 'akashi.db'}"


def test_key_file_lies_outside_the_home(tmp_path: Path) -> None:
    settings = read_settings({"AKASHI_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)})
    assert not settings.key_file.is_relative_to(settings.home)


def test_two_homes_have_two_key_files(tmp_path: Path) -> None:
    one, other = (
        read_settings({"AKASHI_HOME": str(tmp_path / name), "HOME": str(tmp_path)}) for name in "ab"
    )
    assert one.key_file != other.key_file


def test_environment_wins_over_file(tmp_path: Path) -> None:
    (tmp_path / "akashi.toml").write_text('port = 9000\nallowed_hosts = ["127.0.0.1:8080"]\n')
    settings = read_settings({"AKASHI_HOME": str(tmp_path), "AKASHI_PORT": "9100"})
    assert (settings.port, settings.allowed_hosts) == (9100, ("127.0.0.1:8080",))


def test_origin_gives_the_relying_party(tmp_path: Path) -> None:
    settings = read_settings({"AKASHI_HOME": str(tmp_path), "AKASHI_ORIGIN": "https://akashi.example.jp/"})
    assert (settings.public_origin, settings.relying_party) == (
        "https://akashi.example.jp",
        "akashi.example.jp",
    )


@pytest.mark.parametrize("port", ["-1", "65536", "eighty", "８０８０x"])
def test_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(InputError, match="not a number from 0 to 65535"):
        read_settings({"AKASHI_HOME": str(tmp_path), "AKASHI_PORT": port})


def test_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "akashi.toml").write_text("port = \n")
    with pytest.raises(InputError, match=r"akashi\.toml.*line 1"):
        read_settings({"AKASHI_HOME": str(tmp_path)})
