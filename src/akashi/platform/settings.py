"""Settings of one installation, read once from ``akashi.toml`` and the environment."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from akashi.core.errors import InputError
from akashi.platform.endpoint_settings import EndpointSettings, read_endpoint

_PREFIX = "AKASHI_"


@dataclass(frozen=True)
class Settings:
    """Where this installation lives and what it may reach.

    ``home`` holds the embedded database and ``akashi.toml``. ``key_file`` holds the master key and
    lies outside the database and outside every backup. ``origin`` is the address staff type in;
    passkeys are bound to its host. ``allowed_hosts`` lists the only ``host:port`` the product may
    call out to; it is empty by default. ``endpoint`` is the LLM endpoint, if there is one.
    ``scan_command`` is a virus scanner that reads a file on standard input: 0 clean, 1 found something.
    """

    home: Path
    key_file: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8765
    origin: str = ""
    allowed_hosts: tuple[str, ...] = ()
    default_language: str = "ja"
    endpoint: EndpointSettings | None = None
    scan_command: tuple[str, ...] = ()

    @property
    def public_origin(self) -> str:
        """Return scheme, host and port of the pages, as browsers send it in ``Origin``."""
        return self.origin or f"http://localhost:{self.port}"

    @property
    def relying_party(self) -> str:
        """Return the host name to which passkeys are bound."""
        return urlsplit(self.public_origin).hostname or "localhost"

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can reach the pages."""
        return self.host in {"127.0.0.1", "::1", "localhost"}


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings: defaults, then ``akashi.toml`` in the home, then ``AKASHI_*`` variables.

    Raises: InputError: a value or the file cannot be read; nothing is half applied.
    """
    env = os.environ if environment is None else environment
    home = Path(env.get(_PREFIX + "HOME", ".akashi")).expanduser().absolute()
    values = {**_read_file(home / "akashi.toml"), **_read_environment(env)}
    base = Settings(
        home=home,
        key_file=Path(_text(values, "key_file", _default_key_file(env, home))).expanduser(),
        database_url=_text(values, "database_url", f"sqlite:///{home / 'akashi.db'}"),
    )
    return replace(
        base,
        host=_text(values, "host", base.host),
        port=_port(values.get("port", base.port)),
        origin=_text(values, "origin", "").rstrip("/"),
        allowed_hosts=_hosts(values.get("allowed_hosts", ())),
        default_language=_text(values, "default_language", base.default_language),
        endpoint=read_endpoint(values.get("endpoint"), env),
        scan_command=_command(values.get("scan_command", ())),
    )


def _default_key_file(env: Mapping[str, str], home: Path) -> str:
    config = env.get("XDG_CONFIG_HOME") or str(Path(env.get("HOME", "~")) / ".config")
    name = str(home).strip("/").replace("/", "-") or "home"
    return str(Path(config) / "akashi" / f"{name}.key")


def _read_environment(env: Mapping[str, str]) -> dict[str, object]:
    known = {field.name for field in fields(Settings)} - {"home", "endpoint"}
    named = {
        key.removeprefix(_PREFIX).lower(): value for key, value in env.items() if key.startswith(_PREFIX)
    }
    return {key: value for key, value in named.items() if key in known and value}


def _read_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            "The settings file cannot be read: {reason}.",
            where=str(path),
            next_step="Correct the line or move the file away.",
            reason=str(error),
        ) from error


def _text(values: Mapping[str, object], name: str, default: str) -> str:
    value = values.get(name, default)
    if not isinstance(value, str):
        raise InputError("The setting {name} must be text.", where="akashi.toml", name=name)
    return value


def _port(value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise InputError(
            "The port {value} is not a number from 0 to 65535.",
            where="AKASHI_PORT",
            next_step="Choose a free port such as 8765.",
            value=value,
        )
    return port


def _command(value: object) -> tuple[str, ...]:
    items = shlex.split(value) if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise InputError("The setting scan_command must be a command.", where="akashi.toml")
    return tuple(str(item) for item in items)


def _hosts(value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise InputError("The setting allowed_hosts must be a list of host:port.", where="akashi.toml")
    return tuple(str(item).strip() for item in items if str(item).strip())
