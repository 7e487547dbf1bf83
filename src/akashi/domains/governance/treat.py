"""What may be done to a use case: sign, try, hand in, stop, resume, retire. Each leaves a ledger entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.approvals.store import list_authority
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.evaluated import EvaluatedRun
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.core.thread import digest_of
from akashi.domains.governance import store
from akashi.domains.governance.measure import (
    Standing,
    counting_run,
    is_asked,
    is_trying,
    list_gates,
    measure_phase,
    measure_tier,
    subject_digest,
    trial_since,
)
from akashi.domains.governance.model import Deed, Event, Phase, Sample, Tier
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.order import hold_ledger
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.rooms import call_name
from akashi.platform.site import Site
from akashi.register.store import list_changes

LIVE_KIND, STOP_KIND, RESUME_KIND = "ai_use_case", "service_stop", "service_resume"
SIGN_KIND = "ai_validation"
VALIDATION = ("method", "assumptions", "limits", "uncertainty", "conclusion")
APPROVAL_DAYS = 7
"""Calendar days within which a stop is approved afterwards. Our choice."""
BEFORE_TRIAL = frozenset({Phase.DRAFTED, Phase.EVALUATED, Phase.VALIDATED, Phase.TRIAL})
VERDICTS = ("used", "corrected", "useless")
MOST_TEXT = 4_000
JUDGED_BEFORE = "This output was judged already; it counts once."
RISKS = {Tier.LOW: Risk.LOW, Tier.MEDIUM: Risk.MEDIUM, Tier.HIGH: Risk.HIGH}


@dataclass(frozen=True, slots=True)
class Case:
    """A use case with everything that is known of it now."""

    standing: Standing
    runs: tuple[EvaluatedRun, ...]
    present: tuple[str, str] | None

    @property
    def phase(self) -> Phase:
        """Return where it stands."""
        return measure_phase(self.standing.events, self.standing.run is not None)


def read_case(site: Site, code: str) -> Case:
    """Return a use case as it stands now. Raises: NotFoundError."""
    present = find_present(site, code)
    with site.database.read() as connection:
        return load_case(site, connection, code, present)


def find_present(site: Site, code: str) -> tuple[str, str] | None:
    """Return mode and digest of what stands behind a use case's target now, or None."""
    with site.database.read() as connection:
        target = store.read_use_case(connection, code).text("target")
    return site.ports.evaluations.present(site, target) if site.ports.evaluations and target else None


def load_case(
    site: Site, connection: Connection, code: str, present: tuple[str, str] | None, *, lock: bool = False
) -> Case:
    """Return a use case in the caller's transaction; ``present`` was found before it began."""
    use_case = store.read_use_case(connection, code, lock=lock)
    runs = tuple(site.ports.evaluations.read(connection, code)) if site.ports.evaluations else ()
    events = store.list_events(connection, code)
    standing = Standing(
        use_case=use_case,
        tier=measure_tier(use_case)[0],
        events=events,
        run=counting_run(runs, present),
        digest=subject_digest(use_case, present),
        trial=trial_since(events, store.measure_trial(connection, code)),
        open_findings=store.count_open_findings(connection, code, site.now()),
    )
    return Case(standing, runs, present)


def sign_validation(
    site: Site, actor: Actor, code: str, is_approved: bool, words: Mapping[str, str]
) -> Event:
    """Keep a validator's signature, or his objection, on what the use case is now.

    ``words``: method, assumptions 前提条件, limits 限界, uncertainty 不確実性, conclusion.

    Raises: ForbiddenError: he develops it, wrote its record, or is no validator; InputError: words lack.
    """
    kept = {name: _text(words, name) for name in VALIDATION}
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        _check_validator(connection, actor, case)
        run = case.standing.run
        content = {**kept, "run": run.id if run else "", "run_digest": run.digest if run else ""}
        deed = Deed.VALIDATED if is_approved else Deed.OBJECTED
        return _keep(connection, case, deed, actor, site.now(), content)


def ask_validation(site: Site, actor: Actor, code: str, words: Mapping[str, str]) -> Matter | None:
    """Hand in a validator's signature for the sign-off on its route; it holds once that is decided.

    Where the authority table names nobody for it, the signature holds at once and None comes back.

    Raises: ForbiddenError, InputError: as ``sign_validation``.
    """
    kept = {name: _text(words, name) for name in VALIDATION}
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        _check_validator(connection, actor, case)
        has_route = any(line.kind == SIGN_KIND for line in list_authority(connection))
        run = case.standing.run
        content = {**kept, "run": run.id if run else "", "run_digest": run.digest if run else ""}
        if not has_route:
            _keep(connection, case, Deed.VALIDATED, actor, site.now(), content)
            return None
        title = f"AIユースケースの独立検証：{case.standing.use_case.title}"
        draft = _draft(case, SIGN_KIND, title, kept["conclusion"], callback="apply_validation")
        matter = open_matter(connection, draft, actor, site.now())
        _keep(connection, case, Deed.SIGNED, actor, site.now(), {**content, "matter": matter.id})
        return matter


def apply_validation(connection: Connection, outcome: Outcome) -> None:
    """Let a validator's signature hold, or not, in the transaction that decides its sign-off."""
    event, code = outcome.event, outcome.matter.draft.subject.id
    signed = next(
        (
            one
            for one in reversed(store.list_events(connection, code))
            if one.deed is Deed.SIGNED and one.content.get("matter") == outcome.matter.id
        ),
        None,
    )
    if signed is None or event.kind not in (EventKind.DECIDED, EventKind.RETURNED):
        return
    is_held = event.kind is EventKind.DECIDED
    deed, actor = (Deed.VALIDATED, signed.actor) if is_held else (Deed.OBJECTED, event.actor_id)
    content = {
        **signed.content,
        "number": outcome.state.number or "",
        "signed_off_by": event.actor_id,
        **({} if is_held else {"reason": event.reason}),
    }
    added = store.add_event(connection, code, deed, actor, event.at, signed.subject_digest, content)
    _record(connection, code, added)


def _check_validator(connection: Connection, actor: Actor, case: Case) -> None:
    if not actor.has(Role.VALIDATOR):
        raise ForbiddenError("Only a validator signs a validation.")
    use_case = case.standing.use_case
    writers = {change.actor for change in list_changes(connection, store.KIND, use_case.code)}
    developer = use_case.text("developer")
    if actor.id in writers or developer in (actor.id, actor.name):
        raise ForbiddenError("Whoever develops or describes a use case does not validate it.")


def start_trial(site: Site, actor: Actor, code: str) -> Event:
    """Begin the trial in practice, or another one after it ended; the figures begin at nothing.

    Raises: ConflictError: it is live, retired, or already on trial.
    """
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        if case.phase not in BEFORE_TRIAL or is_trying(case.standing.events):
            raise ConflictError(
                "This is not possible in the present phase.", next_step="Open the page again."
            )
        before = asdict(store.measure_trial(connection, code))
        return _keep(connection, case, Deed.TRIAL_STARTED, actor, site.now(), {"before": before})


def end_trial(site: Site, actor: Actor, code: str, conclusion: str) -> Event:
    """End the trial with what the business owner concludes. Raises: ConflictError: there is no trial."""
    content = {"conclusion": _text({"conclusion": conclusion}, "conclusion")}
    with site.database.read() as connection:
        if not is_trying(store.list_events(connection, code)):
            raise ConflictError("There is no trial going on.", next_step="Start the trial first.")
    return _simple(site, actor, code, Deed.TRIAL_ENDED, {Phase.TRIAL}, content)


def judge_output(site: Site, actor: Actor, sample: Sample) -> None:
    """Keep one output of the trial, judged by staff.

    Raises: InputError: the verdict or the time cannot be; ConflictError: there is no trial, or this very
    output was judged before.
    """
    if sample.verdict not in VERDICTS:
        raise InputError("Choose whether it was used, corrected or useless.", where="verdict")
    if not -36_000 <= sample.seconds_saved <= 36_000:
        raise InputError("The time saved is at most ten hours.", where="seconds_saved")
    present = find_present(site, sample.use_case)
    with site.database.write() as connection:
        case = load_case(site, connection, sample.use_case, present, lock=True)
        if case.phase is not Phase.TRIAL or not is_trying(case.standing.events):
            raise ConflictError("There is no trial going on.", next_step="Start the trial first.")
        if sample.output and store.has_output(connection, sample.use_case, sample.output):
            raise ConflictError(JUDGED_BEFORE, next_step="Go on with the next sentence.")
        store.add_sample(connection, sample, actor.id)


def ask_live(site: Site, actor: Actor, code: str) -> Matter:
    """Hand in the decision to go live; every gate must be open.

    Raises: ConflictError: a gate is shut, or it is live or handed in already; ForbiddenError: not his draft.
    """
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        if case.phase in (Phase.RETIRED, Phase.SUSPENDED) or is_asked(case.standing.events):
            raise ConflictError("In this phase nothing can be handed in.", next_step="Open the page again.")
        shut = [gate for gate in list_gates(case.standing) if not gate.is_open]
        if shut:
            raise ConflictError("{count} conditions are not met yet.", where=shut[0].name, count=len(shut))
        draft = _draft(case, LIVE_KIND, f"AIユースケースの利用開始：{case.standing.use_case.title}", "")
        matter = open_matter(connection, draft, actor, site.now())
        run = case.standing.run
        content = {"matter": matter.id, "run": run.id if run else "", "mode": run.mode if run else ""}
        _keep(connection, case, Deed.ASKED, actor, site.now(), content)
        return matter


def suspend(site: Site, actor: Actor, code: str, reason: str) -> None:
    """Stop a live use case at once; customers then meet people. Approval comes afterwards 事後承認.

    Where a room of ours serves it, that room stops first and asks for the approval: whatever happens
    between, what customers meet is the stop.

    Raises: ConflictError: it is not live; ForbiddenError: the authority table does not name the actor.
    """
    told = _text({"reason": reason}, "reason")
    present = find_present(site, code)
    with site.database.read() as connection:
        _require_live(load_case(site, connection, code, present))
        target = store.read_use_case(connection, code).text("target")
    served = (room for room in site.rooms if target in (room.name, *room.serves))
    room = next((room for room in served if room.stop), None)
    if room is not None:
        call_name(room.stop, site, actor, told)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        _require_live(case)
        content = {"reason": told, "resume": room.resume if room else ""}
        if room is None:
            title = f"AIユースケースの能動的な停止：{case.standing.use_case.title}"
            draft = _draft(case, STOP_KIND, title, told, callback="")
            due = tokyo_day(site.now()) + timedelta(days=APPROVAL_DAYS)
            content["matter"] = open_after_fact(connection, draft, actor, site.now(), due).id
        _keep(connection, case, Deed.SUSPENDED, actor, site.now(), content)


def _require_live(case: Case) -> None:
    if case.phase is not Phase.LIVE:
        raise ConflictError("Only a live use case can be stopped.", next_step="Open the page again.")


def ask_resumption(site: Site, actor: Actor, code: str, reason: str) -> Matter:
    """Hand in the resumption of a stopped use case; it lives again when that is decided.

    Raises: ConflictError: it is not stopped; ForbiddenError: not his draft.
    """
    told = _text({"reason": reason}, "reason")
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        if case.phase is not Phase.SUSPENDED:
            raise ConflictError("Only a stopped use case is resumed.", next_step="Open the page again.")
        draft = _draft(case, RESUME_KIND, f"AIユースケースの再開：{case.standing.use_case.title}", told)
        return open_matter(connection, draft, actor, site.now())


def retire(site: Site, actor: Actor, code: str, reason: str) -> Event:
    """End a use case for good. Raises: ConflictError: it is live (stop it first) or retired already."""
    content = {"reason": _text({"reason": reason}, "reason")}
    allowed = set(Phase) - {Phase.LIVE, Phase.RETIRED, Phase.ASKED}
    return _simple(site, actor, code, Deed.RETIRED, allowed, content)


def apply_decision(connection: Connection, outcome: Outcome) -> None:
    """Let the use case live, or send it back, in the transaction that decides it."""
    deed = {
        EventKind.DECIDED: Deed.RESUMED if outcome.matter.draft.kind == RESUME_KIND else Deed.WENT_LIVE,
        EventKind.RETURNED: Deed.RETURNED,
        EventKind.WITHDRAWN: Deed.RETURNED,
    }.get(outcome.event.kind)
    if deed is None or (deed is Deed.RETURNED and outcome.matter.draft.kind == RESUME_KIND):
        return
    draft, event = outcome.matter.draft, outcome.event
    code = draft.subject.id
    before = store.list_events(connection, code)
    suspended = next((one for one in reversed(before) if one.deed is Deed.SUSPENDED), None)
    content = {"matter": outcome.matter.id, "number": outcome.state.number}
    added = store.add_event(
        connection, code, deed, event.actor_id, event.at, _asked_digest(connection, code), content
    )
    _record(connection, code, added)
    if deed is Deed.RESUMED and suspended and suspended.content.get("resume"):
        call_name(str(suspended.content["resume"]), connection, event.actor_id, event.at)


def decided_digest(connection: Connection, code: str) -> str:
    """Return the digest of the record as the register holds it now; approvals refuses when it moved."""
    use_case = store.read_use_case(connection, code)
    return digest_of(canonical_json({"code": code, "values": dict(use_case.values)}))


def _asked_digest(connection: Connection, code: str) -> str:
    """Return what was handed in: the digest it was asked for, else the newest one said of it.

    What was said since (a validation of something newer) is not what is decided.
    """
    events = store.list_events(connection, code)
    if is_asked(events):
        return next(one.subject_digest for one in reversed(events) if one.deed is Deed.ASKED)
    return events[-1].subject_digest if events else decided_digest(connection, code)


def _draft(case: Case, kind: str, title: str, reason: str, callback: str = "apply_decision") -> Draft:
    one = case.standing.use_case
    digest = digest_of(canonical_json({"code": one.code, "values": dict(one.values)}))
    own = "akashi.domains.governance.treat"
    return Draft(
        title=title[:190],
        kind=kind,
        risk=RISKS[case.standing.tier],
        subject=Subject("governance", one.code, digest),
        summary=reason or one.text("purpose")[:1_000],
        link=f"/governance/{one.code}",
        callback=f"{own}:{callback}" if callback else "",
        digest_of=f"{own}:decided_digest",
    )


def _simple(
    site: Site,
    actor: Actor,
    code: str,
    deed: Deed,
    allowed: set[Phase],
    content: Mapping[str, Any] | None = None,
) -> Event:
    present = find_present(site, code)
    with site.database.write() as connection:
        hold_ledger(connection)
        case = load_case(site, connection, code, present, lock=True)
        if case.phase not in allowed:
            raise ConflictError(
                "This is not possible in the present phase.", next_step="Open the page again."
            )
        return _keep(connection, case, deed, actor, site.now(), content or {})


def _keep(
    connection: Connection, case: Case, deed: Deed, actor: Actor, now: datetime, content: Mapping[str, Any]
) -> Event:
    code = case.standing.use_case.code
    event = store.add_event(connection, code, deed, actor.id, now, case.standing.digest, content)
    _record(connection, code, event)
    return event


def _record(connection: Connection, code: str, event: Event) -> None:
    payload: dict[str, JsonValue] = {"sequence": event.sequence, "digest": event.subject_digest}
    for name in ("run", "matter", "number"):
        if event.content.get(name):
            payload[name] = str(event.content[name])
    append(connection, Record(f"governance.{event.deed.value}", code, event.actor, event.at, payload))


def _text(words: Mapping[str, str], name: str) -> str:
    text = words.get(name, "").strip()
    if not text:
        raise InputError("This must be filled in.", where=name)
    if len(text) > MOST_TEXT:
        raise InputError("At most {most} characters.", where=name, most=MOST_TEXT)
    return text
