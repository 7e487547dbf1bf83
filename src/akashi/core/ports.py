"""Functions that one room lends another; ``house.py`` hands the real ones over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from akashi.core.evaluated import Evaluations, Setting
from akashi.core.spans import Interval
from akashi.core.thread import Answer, Question


@dataclass(frozen=True, slots=True)
class Noted:
    """What was found in a text, how often, and what the policy made of it; never the text itself."""

    what: str
    treatment: str
    count: int


@dataclass(frozen=True, slots=True)
class Screened:
    """The verdict on a text that comes in: what may go on, and why something was refused.

    ``text`` goes on only where it is neither ``refused`` nor ``handed_over`` to a person.
    """

    text: str
    refused: bool
    reasons: tuple[str, ...] = ()
    masked: tuple[Interval, ...] = ()
    handed_over: bool = False
    noted: tuple[Noted, ...] = ()


class Screen(Protocol):
    """Look at a text, under the policy of its use case, before anything else sees it."""

    def __call__(self, text: str, use_case: str = "") -> Screened: ...


class NoteScreened(Protocol):
    """Keep what was found (never the text), in the caller's transaction, for those who watch the guards.

    ``connection`` is the room's open SQLAlchemy connection; ``subject`` and ``place`` say where the text
    lies sealed: a conversation's id and the number of its message.
    """

    def __call__(
        self,
        connection: Any,
        screened: Screened,
        *,
        use_case: str,
        door: str,
        subject: str,
        place: int,
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Personal:
    """A span of a text that tells of a person, and what it is: phone, person, bank_account …"""

    span: Interval
    kind: str


class FindPersonal(Protocol):
    """Find the personal data of a text, in order and without overlaps."""

    def __call__(self, text: str) -> Sequence[Personal]: ...


class FindOrders(Protocol):
    """Find where a text reads like orders to an assistant, in order and without overlaps."""

    def __call__(self, text: str) -> Sequence[Interval]: ...


class Verdict(StrEnum):
    """What a comparison with the cited sources says of a sentence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNVERIFIED = "unverified"
    LEAKED = "leaked"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """The verdict on one sentence of an answer, at ``span`` of it; reasons are message ids."""

    span: Interval
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a text that goes out: only ``supported`` may be shown.

    ``sentences`` in order; a leak concerns the whole answer and then all of them.
    """

    supported: bool
    reasons: tuple[str, ...] = ()
    sentences: tuple[CheckedSentence, ...] = ()


class CheckOutput(Protocol):
    """Compare an answer with the sources it cites, and with what must not be shown.

    ``secret``: canaries and texts such as the system prompt of this very request, of which no 30
    characters may appear in any encoding. A check made for an installation (``Ports.check_of``)
    holds its documents for staff as well.
    """

    def __call__(self, answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked: ...


class BindCheck(Protocol):
    """Return the check of answers that also knows what an installation (a ``Site``) must not tell."""

    def __call__(self, site: Any) -> CheckOutput: ...


@dataclass(frozen=True, slots=True)
class Given:
    """What the assistant gives a customer: the answer, and the version of each excerpt, in order."""

    answer: Answer
    versions: tuple[str, ...] = ()


class AskAssistant(Protocol):
    """Answer a question as a customer would be answered; ``site`` is the running installation."""

    def __call__(self, site: Any, question: Question) -> Given: ...


class DescribeAssistant(Protocol):
    """Say what exactly would answer: mode, code, corpus and guards, as JSON values without floats."""

    def __call__(self, site: Any) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """What the generative mode gives a customer, and what its model said and cost.

    ``sentences`` may be shown; without any the extract in ``given`` is. ``fault`` is why the model gave no
    whole reply; ``was_asked`` is False where the extract alone decides, as for what is refused.
    """

    given: Given
    was_asked: bool = False
    sentences: tuple[str, ...] = ()
    dropped: int = 0
    fault: str = ""
    model: str = ""
    fingerprint: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    microyen: int = 0


class WriteAssistant(Protocol):
    """Answer a question in the generative mode, decided or not. Raises: SetupError: it lacks something."""

    def __call__(self, site: Any, question: Question) -> Written: ...


class ModeOfAssistant(Protocol):
    """Say which mode answers customers now: extractive or generative."""

    def __call__(self, site: Any) -> str: ...


@dataclass(frozen=True, slots=True)
class Assistant:
    """The assistant, for whoever tests it: extracts, sentences of a model, and what exactly gives them.

    ``describe_writing`` raises SetupError where no endpoint or guard is there.
    """

    ask: AskAssistant
    describe: DescribeAssistant
    write: WriteAssistant | None = None
    describe_writing: DescribeAssistant | None = None
    mode: ModeOfAssistant | None = None


class TalkIntake(Protocol):
    """Play an applicant's sentences and papers to a loan product; return a reply to each sentence.

    Raises: InputError: there is no such product.
    """

    def __call__(
        self, site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
    ) -> tuple[str, ...]: ...


class OpenIntake(Protocol):
    """Return the loan products with what each says before the applicant says anything."""

    def __call__(self, site: Any, language: str) -> Sequence[Setting]: ...


@dataclass(frozen=True, slots=True)
class Intake:
    """The loan conversation, for whoever tests it: what it says, and what exactly says it."""

    talk: TalkIntake
    describe: DescribeAssistant
    openings: OpenIntake | None = None


@dataclass(frozen=True, slots=True)
class Headed:
    """A stretch of a document under one path of headings, outermost first; ``page`` where it has pages."""

    headings: tuple[str, ...]
    text: str
    page: int | None = None


class ReadHeadings(Protocol):
    """Read a file safely and return its text by headings. Raises: InputError: it cannot be used."""

    def __call__(self, name: str, content: bytes) -> tuple[Headed, ...]: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the house lends to rooms; ``None`` where the lending room does not exist yet."""

    screen: Screen | None = None
    note_screened: NoteScreened | None = None
    check_output: CheckOutput | None = None
    find_personal: FindPersonal | None = None
    find_orders: FindOrders | None = None
    assistant: Assistant | None = None
    read_headings: ReadHeadings | None = None
    evaluations: Evaluations | None = None
    bind_check: BindCheck | None = None
    intake: Intake | None = None

    def check_of(self, site: Any) -> CheckOutput | None:
        """Return the check of answers for an installation; without its own texts where none can be lent."""
        return self.bind_check(site) if self.bind_check is not None else self.check_output
