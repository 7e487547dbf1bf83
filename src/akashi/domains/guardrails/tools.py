"""What an AI agent may call: a list per use case, checked arguments, approval above a risk, a log, a stop.

Only code that a use case registered calls a tool; a text (document, message, result of a tool) is data
inside its fence and can ask for nothing.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import cast

from akashi.core.errors import ForbiddenError
from akashi.core.people import Actor, ActorKind
from akashi.platform.canonical import canonical_json

Argument = str | int | bool
MAX_ARGUMENT = 2_000
MAX_FENCED = 200_000


class Risk(IntEnum):
    """What a call can do: read public data, read a customer's, change something, move money or rights."""

    READ_PUBLIC = 0
    READ_PERSONAL = 1
    CHANGE = 2
    MONEY = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One argument: its type, and what it may be."""

    kind: type[str] | type[int] | type[bool]
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by name with its risk, its arguments and the code behind it."""

    name: str
    risk: Risk
    fields: Mapping[str, Field]
    run: Callable[[Mapping[str, Argument]], str]


@dataclass(frozen=True, slots=True)
class ToolPolicy:
    """What one use case may call, from which risk on a person approves each call, and how often at most."""

    use_case: str
    allowed: frozenset[str]
    approve_from: Risk = Risk.CHANGE
    most_calls: int = 20


class Outcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    STARTED = "started"
    WAITING = "waiting_for_approval"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the action log. Arguments are kept as a digest; ``reason`` says why it was refused."""

    id: str
    at: datetime
    use_case: str
    tool: str
    arguments_digest: str
    outcome: Outcome
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the model gets back: fenced data, or nothing with the reason."""

    action: Action
    data: str = ""


NOT_ALLOWED = "This use case may not call this tool."
UNKNOWN = "There is no such tool."
STOPPED = "The tools of this use case are stopped."
TOO_MANY = "This run has used all its calls."
BAD_ARGUMENTS = "The arguments do not fit the tool."
NEEDS_APPROVAL = "A person must approve this call."
TOOL_FAILED = "The tool failed."


@dataclass(frozen=True, slots=True)
class _Waiting:
    action: Action
    tool: Tool
    arguments: Mapping[str, Argument]


@dataclass(slots=True)
class ToolDesk:
    """The only door to the tools of one run of one use case.

    ``digest`` makes the keyed digest of canonical arguments; ``log`` takes each action before its
    effect and again after it. ``is_stopped_elsewhere`` tells of a stop on any replica. Thread safe. A stop
    refuses everything, also what waits.
    """

    policy: ToolPolicy
    tools: Mapping[str, Tool]
    now: Callable[[], datetime]
    digest: Callable[[bytes], str]
    log: Callable[[Action], None]
    is_stopped_elsewhere: Callable[[], bool] = bool
    _calls: int = 0
    _stopped: bool = False
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self) -> None:
        """Refuse every further call and drop what waits for approval."""
        with self._lock:
            self._stopped = True
            self._waiting.clear()

    def request(self, name: object, arguments: object) -> Result:
        """Return the fenced result of a call the model asked for, or why there is none.

        Nothing runs unless the tool is on the list, the arguments fit, the run has calls left and
        the risk needs no approval. A call in a shape that is none at all is refused and logged too.
        """
        if not isinstance(name, str) or not _is_call(arguments):
            refused = self._action(str(type(name)), {}, Outcome.REFUSED, BAD_ARGUMENTS)
            self.log(refused)
            return Result(refused)
        return self._request(name, cast("Mapping[str, object]", arguments))

    def _request(self, name: str, arguments: Mapping[str, object]) -> Result:
        with self._lock:
            reason = self._refusal(name, arguments)
            action = self._action(name, arguments, Outcome.REFUSED if reason else Outcome.WAITING, reason)
            if reason:
                self.log(action)
                return Result(action)
            self._calls += 1
            tool, checked = self.tools[name], _plain(arguments)
            if tool.risk >= self.policy.approve_from:
                self._waiting[action.id] = _Waiting(action, tool, checked)
                self.log(action)
                return Result(action)
        return self._run(action, tool, checked, "")

    def approve(self, action_id: str, actor: Actor) -> Result:
        """Run a waiting call once, exactly as it was asked for.

        Raises: ForbiddenError: nothing of that id waits (done, dropped, stopped), or who approves is no
        person whose sign-in is confirmed: neither a program nor a command line nor the agent itself.
        """
        is_person = actor.kind is ActorKind.PERSON and actor.confirmed and bool(actor.id)
        with self._lock:
            is_off = self._stopped or self.is_stopped_elsewhere() or not is_person
            waiting = None if is_off else self._waiting.pop(action_id, None)
        if waiting is None:
            raise ForbiddenError("No such call waits for approval.")
        return self._run(waiting.action, waiting.tool, waiting.arguments, actor.id)

    def _refusal(self, name: str, arguments: Mapping[str, object]) -> str:
        if self._stopped or self.is_stopped_elsewhere():
            return STOPPED
        if name not in self.policy.allowed:
            return NOT_ALLOWED
        if name not in self.tools:
            return UNKNOWN
        if self._calls >= self.policy.most_calls:
            return TOO_MANY
        return "" if fits_schema(self.tools[name].fields, arguments) else BAD_ARGUMENTS

    def _action(self, name: str, arguments: Mapping[str, object], outcome: Outcome, reason: str) -> Action:
        shown = {repr(key)[:100]: repr(value)[:MAX_ARGUMENT] for key, value in list(arguments.items())[:50]}
        digest = self.digest(canonical_json(shown))
        id_ = secrets.token_hex(8)
        return Action(id_, self.now(), self.policy.use_case, name[:100], digest, outcome, reason)

    def _run(self, action: Action, tool: Tool, arguments: Mapping[str, Argument], person: str) -> Result:
        self.log(_changed(action, self.now(), Outcome.STARTED, "", person))
        data: str | None = None
        try:
            data = tool.run(arguments)
        except (ValueError, OSError, RuntimeError, LookupError):
            return Result(_changed(action, self.now(), Outcome.FAILED, TOOL_FAILED, person))
        finally:  # also where our own code is at fault: the log never ends with a start
            if data is None:
                self.log(_changed(action, self.now(), Outcome.FAILED, TOOL_FAILED, person))
        done = _changed(action, self.now(), Outcome.DONE, "", person)
        self.log(done)
        return Result(done, fence_data(f"tool:{tool.name}", data))


def _changed(action: Action, at: datetime, outcome: Outcome, reason: str, person: str) -> Action:
    return Action(
        action.id, at, action.use_case, action.tool, action.arguments_digest, outcome, reason, person
    )


def fits_schema(fields: Mapping[str, Field], arguments: Mapping[str, object]) -> bool:
    """Return whether ``arguments`` are exactly what ``fields`` allow: no others, right types, in range.

    >>> fits_schema({"n": Field(int, least=1, most=9)}, {"n": 3}), fits_schema({}, {"n": 3})
    (True, False)
    """
    if not set(arguments) <= set(fields):
        return False
    needed = {name for name, one in fields.items() if one.required}
    return needed <= set(arguments) and all(_fits(fields[name], value) for name, value in arguments.items())


def _fits(rule: Field, value: object) -> bool:
    if type(value) is not rule.kind:
        return False
    if isinstance(value, str):
        allowed = not rule.choices or value in rule.choices
        matches = not rule.pattern or re.fullmatch(rule.pattern, value) is not None
        return allowed and matches and len(value) <= MAX_ARGUMENT
    if isinstance(value, int) and not isinstance(value, bool):
        least = rule.least is None or value >= rule.least
        return least and (rule.most is None or value <= rule.most)
    return True


def _is_call(arguments: object) -> bool:
    """Return whether arguments are a flat table of texts, numbers and truth values, as every schema is."""
    return isinstance(arguments, Mapping) and all(
        isinstance(name, str) and (value is None or isinstance(value, str | int | float | bool))
        for name, value in arguments.items()
    )


def _plain(arguments: Mapping[str, object]) -> dict[str, Argument]:
    return {name: value for name, value in arguments.items() if isinstance(value, str | int | bool)}


_FENCE = re.compile(r"(?i)<(?=\s*/?\s*(?:data|system|user|assistant)\b)|<\||\[(?=/?inst\])")


def fence_data(label: str, text: str) -> str:
    """Return ``text`` between marks that it cannot imitate, to stand in a prompt as data.

    The mark is random for each call; what looks like a mark or a role inside the text is broken up.

    >>> fence_data("document", "a</data>b").splitlines()[1]
    'a‹/data>b'
    """
    mark = secrets.token_hex(8)
    safe = _FENCE.sub(lambda found: found.group().replace("<", "‹").replace("[", "［"), text[:MAX_FENCED])
    kind = re.sub(r"[^A-Za-z0-9_:. -]", "", label)[:60]
    return f'<data id="{mark}" kind="{kind}">\n{safe}\n</data id="{mark}">'


def fence_all(parts: Sequence[tuple[str, str]]) -> str:
    """Return several labelled texts as data, one fence each."""
    return "\n".join(fence_data(label, text) for label, text in parts)
