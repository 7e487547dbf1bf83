"""What the catalogue shows to others: tiles, and tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from akashi.catalogue.coverage import NOTHING, Covered, count_words, cover, gather_evidence
from akashi.catalogue.model import Entry, Kind
from akashi.catalogue.treat import whole_catalogue
from akashi.core.display import Tile, Tone
from akashi.core.evidenced import Evidenced, Standing
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.platform.site import Site

Speak = Callable[..., str]

KIND_TITLES = {
    Kind.AUTOMATIC: "Measured",
    Kind.ATTEST: "Attested",
    Kind.DOCUMENT: "Documented",
}
STANDING_TITLES = {
    Standing.NOT_MET.value: "Not met",
    Standing.MET.value: "Evidenced",
    Standing.RECORDED.value: "Records only",
    NOTHING: "Nothing yet",
}
TONES = {
    Standing.NOT_MET.value: "alert",
    Standing.MET.value: "done",
    Standing.RECORDED.value: "info",
    NOTHING: "off",
}
READERS = frozenset(
    {Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.EXECUTIVE, Role.AUDITOR, Role.VALIDATOR}
)

ENTRY_COLUMNS = (
    "Id", "Document", "Edition", "Clause", "Page", "Shown by", "Requirement", "Evidence that satisfies it",
    "Our reading", "Confirm with legal",
)  # fmt: skip
COVERAGE_COLUMNS = (*ENTRY_COLUMNS, "Coverage", "Since", "Evidenced by")


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return how many requirements are not met, and how many nothing speaks for."""
    if not actor.has(*READERS):
        return []
    found = read_coverage(site)[0]
    counts = count_words(found)
    tone = Tone.ALERT if counts[Standing.NOT_MET.value] else Tone.CALM
    return [
        Tile(
            "Requirements not met",
            counts[Standing.NOT_MET.value],
            "/catalogue/coverage?standing=not_met",
            tone=tone,
        ),
        Tile("Requirements without evidence", counts[NOTHING], "/catalogue/coverage?standing=nothing"),
    ]


def read_coverage(site: Site) -> tuple[tuple[Covered, ...], tuple[str, ...]]:
    """Return every requirement with its evidence, and the titles of rooms that could not say."""
    evidence, failures = gather_evidence(site)
    with site.database.read() as connection:
        catalogue = whole_catalogue(connection)
    return cover(catalogue, evidence, tokyo_day(site.now())), failures


def write_entries(entries: Sequence[Entry], language: str, speak: Speak) -> list[list[str]]:
    """Return the requirements as a table with a header, in the reader's language."""
    return [[speak(one) for one in ENTRY_COLUMNS], *(_entry_cells(one, language, speak) for one in entries)]


def write_coverage(
    covered: Sequence[Covered], language: str, speak: Callable[[Evidenced], str], words: Speak
) -> list[list[str]]:
    """Return the coverage as a table; ``speak`` says one piece of evidence in words."""
    rows = [[words(one) for one in COVERAGE_COLUMNS]]
    for one in covered:
        since = tokyo_day(one.since).isoformat() if one.since else ""
        evidence = "\n".join(f"{tokyo_day(found.since).isoformat()} {speak(found)}" for found in one.evidence)
        standing = words(STANDING_TITLES[one.word])
        rows.append([*_entry_cells(one.entry, language, words), standing, since, evidence])
    return rows


def _entry_cells(entry: Entry, language: str, speak: Speak) -> list[str]:
    return [
        entry.id,
        entry.source.title(language),
        entry.source.edition,
        entry.clause,
        str(entry.page or ""),
        speak(KIND_TITLES[entry.kind]),
        entry.words(language),
        entry.wanted(language),
        speak("Yes") if entry.our_reading else "",
        speak("Yes") if entry.source.confirm else "",
    ]
