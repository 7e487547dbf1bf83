"""Many customers at once over HTTP against the real server, over a large approved corpus.

    python -m benchmarks.load --customers 50 --chunks 100000 --seconds 60 --json
        [--database URL] [--processes N] [--home DIR]

Each customer has an address and a conversation of his own and asks one question after another, as fast as
the product's own limit lets him (one question each three seconds after the first few); what is timed is what
he waits for: sending the question until the page with the answer has arrived. Every quotation on that page
is compared with the text of the approved version it cites. ``--home DIR`` keeps the installation, so that a
second run needs not bring in the corpus again.

The people, routes and documents are those of the sample bank, but the installation is not marked as a sample:
a sample plays its own evaluations in the background of its first minutes, an institution's home never does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import numpy as np

from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.answerable import find_passage
from akashi.documents.store import read_text
from akashi.domains.assistant import answering
from akashi.domains.assistant.library import library_of
from akashi.house import lend_ports, list_rooms
from akashi.platform.installation import SAMPLE_MARK, prepare_installation
from akashi.platform.meta import write_meta
from akashi.platform.settings import Settings, read_settings
from akashi.platform.site import Site, open_site
from akashi.sample.seed import seed_sample
from benchmarks.load_corpus import approve_corpus

PAUSE_S = 3.0
TURNS = 8
PATIENCE_S = 30.0
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Tally:
    """What all customers saw."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    checked: int = 0
    handed_over: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Corpus:
    """The approved texts as the database has them, read apart from the server."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.texts: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self.lock = threading.Lock()

    def holds(self, passage_id: str, start: int, end: int, quote: str) -> bool:
        """Return whether the cited characters of an approved version are exactly ``quote``."""
        with self.lock:
            version = self.versions.get(passage_id)
            if version is None:
                with self.site.database.read() as connection:
                    day = tokyo_day(self.site.now())
                    found = find_passage(connection, passage_id, Audience.CUSTOMERS, day)
                    if found is None:
                        return False
                    version = self.versions[passage_id] = found[1].id
                    if version not in self.texts:
                        self.texts[version] = read_text(connection, version)
            return self.texts[version][start:end] == quote


def be_customer(
    number: int, port: int, asked: Sequence[str], until: float, corpus: Corpus, tally: Tally
) -> None:
    """Ask until the time is over; never raises, whatever goes wrong is an error in the tally."""
    draw = random.Random(number)
    time.sleep(draw.random() * PAUSE_S)
    cookie, turns = "", 0
    while time.perf_counter() < until:
        if turns >= TURNS:
            cookie, turns = "", 0
        started = time.perf_counter()
        try:
            cookie, page = ask_once(number, port, cookie, draw.choice(asked))
            spent = (time.perf_counter() - started) * 1000
            fault = check_page(page, corpus, tally)
        except (OSError, HTTPException, ValueError) as error:
            spent, fault = (time.perf_counter() - started) * 1000, f"{type(error).__name__}: {error}"
        with tally.lock:
            tally.milliseconds.append(spent)
            if fault:
                tally.errors.append(fault)
        turns += 1
        time.sleep(max(0.0, PAUSE_S - (time.perf_counter() - started)))


def ask_once(number: int, port: int, cookie: str, question: str) -> tuple[str, bytes]:
    """Send one question as the page's form does and return the cookie and the page with the answer.

    Raises: ValueError: another status than expected; OSError, HTTPException: the connection failed.
    """
    source = (f"127.0.{1 + number // 200}.{1 + number % 200}", 0)
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S, source_address=source)
    try:
        headers = FORM | {"Host": f"localhost:{port}"} | ({"Cookie": cookie} if cookie else {})
        connection.request("POST", "/ask", urlencode({"question": question}), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise ValueError(f"status {answer.status} for a question")
        cookie = (answer.getheader("set-cookie") or cookie).partition(";")[0]
        connection.request("GET", "/", headers={"Host": f"localhost:{port}", "Cookie": cookie})
        shown = connection.getresponse()
        page = shown.read()
        if shown.status != 200:
            raise ValueError(f"status {shown.status} for the page")
        return cookie, page
    finally:
        connection.close()


def check_page(page: bytes, corpus: Corpus, tally: Tally) -> str:
    """Return what is wrong with the last answer on the page, or nothing."""
    bubbles = [one for one in lxml.html.document_fromstring(page).iter("li") if has_class(one, "automatic")]
    if len(bubbles) < 2:
        return "no answer on the page"
    figures = [one for one in bubbles[-1].iter("figure") if has_class(one, "citation")]
    if not figures:
        with tally.lock:
            tally.handed_over += 1
        return ""
    for figure in figures:
        link = urlsplit(next(figure.iter("a")).get("href", ""))
        quote = "".join(map(str, next(figure.iter("blockquote")).itertext()))
        where = parse_qs(link.query)
        start, end = int(where["start"][0]), int(where["end"][0])
        if not corpus.holds(link.path.rsplit("/", 1)[-1], start, end, quote):
            return "a quotation differs from the approved text"
    with tally.lock:
        tally.checked += 1
    return ""


Server = subprocess.Popen[bytes]


def has_class(element: lxml.html.HtmlElement, name: str) -> bool:
    """Return whether an element carries a class."""
    return name in (element.get("class") or "").split()


@contextmanager
def served(settings: Settings, count: int, warm: str) -> Iterator[list[tuple[Server, int]]]:
    """Yield server processes and their ports, each warm: it has answered one question."""
    with ExitStack() as stack:
        servers = []
        for number in range(count):
            port = settings.port + number
            environment = os.environ | {
                "AKASHI_HOME": str(settings.home),
                "AKASHI_KEY_FILE": str(settings.key_file),
                "AKASHI_DATABASE_URL": settings.database_url,
                "AKASHI_PORT": str(port),
            }
            process = subprocess.Popen(
                [sys.executable, "-m", "akashi", "serve"], env=environment, stdout=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            servers.append((process, port))
        for process, port in servers:
            wait_until_warm(process, port, warm)
        yield servers


def wait_until_warm(process: Server, port: int, question: str) -> None:
    """Return once a question is answered in less time than one waits for an index that is being made.

    Raises: SystemExit: the server ended; ValueError: it failed.
    """
    while process.poll() is None:
        started = time.perf_counter()
        try:
            ask_once(0, port, "", question)
        except (OSError, HTTPException):
            time.sleep(1)
            continue
        if time.perf_counter() - started < answering.PATIENCE_S / 2:
            return
        print("the index is still awaited", file=sys.stderr)
        time.sleep(PAUSE_S)
    raise SystemExit("the server ended before it answered")


def resident_mb(process: Server) -> float:
    """Return the resident memory of a process in MB, 0 once it has ended; Linux only."""
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def watch_memory(processes: Sequence[Server], over: threading.Event) -> list[float]:
    """Return the highest sum of resident memory in MB, as a list that grows while it is watched."""
    peaks = [0.0]

    def watch() -> None:
        while not over.wait(0.5):
            peaks.append(max(peaks[-1], sum(map(resident_mb, processes))))

    threading.Thread(target=watch, daemon=True).start()
    return peaks


def measure(site: Site, arguments: argparse.Namespace) -> dict[str, object]:
    """Bring in the corpus, serve it, let the customers ask, and return the figures."""
    started = time.perf_counter()
    asked = approve_corpus(site, arguments.chunks)
    corpus_s = time.perf_counter() - started
    print(f"corpus approved in {corpus_s:.0f} s", file=sys.stderr)
    started = time.perf_counter()
    with site.database.read() as connection:
        library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(site.now()))
    index_s = time.perf_counter() - started
    site.caches.clear()
    print(f"read in {index_s:.0f} s, kept; the servers start", file=sys.stderr)
    started = time.perf_counter()
    tally, corpus, over = Tally(), Corpus(site), threading.Event()
    with served(site.settings, arguments.processes, asked[0]) as servers:
        ready_s = time.perf_counter() - started
        print(f"warm after {ready_s:.0f} s; {arguments.customers} customers ask", file=sys.stderr)
        peaks = watch_memory([process for process, _ in servers], over)
        until = time.perf_counter() + arguments.seconds
        customers = [
            threading.Thread(
                target=be_customer,
                args=(number, servers[number % len(servers)][1], asked, until, corpus, tally),
            )
            for number in range(1, arguments.customers + 1)
        ]
        for customer in customers:
            customer.start()
        for customer in customers:
            customer.join()
        over.set()
    p50, p95, p99 = np.percentile(tally.milliseconds, [50, 95, 99])
    for fault in sorted(set(tally.errors))[:5]:
        print(f"{tally.errors.count(fault)} x {fault}", file=sys.stderr)
    return {
        "requests": len(tally.milliseconds),
        "errors": len(tally.errors),
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "answers_checked": tally.checked,
        "handed_over": tally.handed_over,
        "peak_rss_mb": round(peaks[-1]),
        "database": site.database.url.get_backend_name(),
        "processes": arguments.processes,
        "corpus_s": round(corpus_s, 1),
        "index_s": round(index_s, 1),
        "ready_s": round(ready_s, 1),
    }


@contextmanager
def installation(arguments: argparse.Namespace) -> Iterator[Site]:
    """Yield the sample bank in the given home, or in a temporary one."""
    with tempfile.TemporaryDirectory(prefix="akashi-load-") as folder:
        home = Path(arguments.home or folder).absolute()
        wanted = {"AKASHI_HOME": str(home), "AKASHI_KEY_FILE": str(home / "load.key")}
        wanted |= {"AKASHI_DATABASE_URL": arguments.database} if arguments.database else {}
        wanted["AKASHI_PORT"] = str(arguments.port)
        settings = read_settings(os.environ | wanted)
        prepare_installation(settings, list_rooms(), sample=True)
        site = open_site(settings, list_rooms(), lend_ports(settings.home))
        try:
            seed_sample(site)
            with site.database.write() as connection:
                write_meta(connection, SAMPLE_MARK, "no")
            yield site
        finally:
            site.database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Many customers at once.")
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--home", default="", help="keep the installation here")
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with installation(arguments) as site:
        figures = measure(site, arguments)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:16} {value}")


if __name__ == "__main__":
    main()
