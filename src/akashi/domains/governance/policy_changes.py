"""新旧対照表 of a policy: what an earlier version of the record said beside what the newer one says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from akashi.core.errors import NotFoundError
from akashi.documents.differences import DifferenceRow, changed_rows, compare_texts
from akashi.domains.governance import store
from akashi.domains.governance.measure import measure_tier
from akashi.domains.governance.model import UseCase
from akashi.domains.governance.paper_parts import Facing
from akashi.domains.governance.papers import face, write_paper
from akashi.domains.governance.treat import read_case
from akashi.platform.kit import Translator
from akashi.platform.kit.formats import write_date
from akashi.platform.papers import Block, Bullets, Facts, Heading, PaperTable, Text
from akashi.platform.site import Site
from akashi.register.model import Change
from akashi.register.store import list_changes

CONTEXT_ROWS = 1


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The rows that differ, with one unchanged row around each, and the two versions' names."""

    title: str
    old: Change
    new: Change
    rows: tuple[DifferenceRow, ...]
    versions: tuple[Change, ...]

    def label(self, change: Change, said: Translator) -> str:
        """Return how a version is called at the head of its column."""
        day = write_date(change.at, said.language)
        return said("Version {number} ({day})", number=change.version, day=day)


def compare_policy(
    site: Site, code: str, said: Translator, register_said: Translator, old: int = 0, new: int = 0
) -> PolicyChange:
    """Return how the policy changed between two versions of the record; 0: the last two.

    Raises: NotFoundError: there is no such use case, or it has no such version.
    """
    case = read_case(site, code)
    with site.database.read() as connection:
        versions = list_changes(connection, store.KIND, code)
    newer = _find(versions, new or versions[0].version)
    older = _find(versions, old or max(newer.version - 1, versions[-1].version))
    facing = face(site, case, said, register_said)
    texts = ["\n".join(_policy_lines(_as_of(facing, one))) for one in (older, newer)]
    rows = changed_rows(compare_texts(*texts), CONTEXT_ROWS)
    one = case.standing.use_case
    return PolicyChange(one.label(said.language), older, newer, tuple(rows), versions)


def _find(versions: Sequence[Change], number: int) -> Change:
    for change in versions:
        if change.version == number:
            return change
    raise NotFoundError("There is no such version.", where=str(number))


def _as_of(facing: Facing, change: Change) -> Facing:
    """Return the same standing with the record as one version had it."""
    standing = facing.case.standing
    now = standing.use_case
    then = UseCase(now.code, str(change.values.get("name", now.title)), change.version, True, change.values)
    moved = replace(standing, use_case=then, tier=measure_tier(then)[0])
    return replace(facing, case=replace(facing.case, standing=moved))


def _policy_lines(facing: Facing) -> Iterator[str]:
    for block in write_paper(facing, "policy").blocks:
        yield from (line for line in _lines(block) if line.strip())


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Text():
            yield from block.text.splitlines()
        case Bullets():
            yield from block.items
        case Facts():
            yield from (f"{name}　{' '.join(value.split())}" for name, value in block.rows)
        case PaperTable():
            yield from ("　".join(row) for row in block.rows)
        case _:
            return
