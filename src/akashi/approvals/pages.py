"""Pages of approvals: my tasks, matters, one matter with its forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from akashi.approvals import store
from akashi.approvals.attachments import LIMIT_BYTES, attach_file, list_attachments, read_attachment
from akashi.approvals.conditions import fulfil_condition
from akashi.approvals.deputies import deputy_hands
from akashi.approvals.deputy_pages import router as deputy_router
from akashi.approvals.forms import BUTTON_ACTIONS, ActForm, AttachForm, DecideForm, FulfilForm
from akashi.approvals.list_pages import router as list_router
from akashi.approvals.matters import act, read_matter
from akashi.approvals.measure import STEP_ACTIONS, measure_state
from akashi.approvals.model import Action, Hand, Matter
from akashi.approvals.rule_pages import router as rule_router
from akashi.approvals.tasks import allowed_actions, tasks_for
from akashi.approvals.views import (
    KindNames,
    Names,
    due_note,
    list_conditions,
    list_history,
    list_stamps,
    list_steps,
    read_phase,
    read_risk,
    route_title,
)
from akashi.approvals.words import BUTTONS, DONE
from akashi.core.errors import InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.identity.model import PersonState
from akashi.identity.store import list_people
from akashi.platform.kit import FormDep, Translator, mark, parse_form, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.rooms import NavItem, call_name
from akashi.platform.site import Site

router = APIRouter()


@router.get("/approvals")
def show_tasks(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Return the page of what waits for the reader."""
    said, now = translator(request, "approvals"), site.now()
    with site.database.read() as connection:
        tasks = tasks_for(connection, actor, now)
        context = {
            "tasks": tasks,
            "names": Names(connection, said),
            "kind_of": KindNames(connection, said),
        }
    context |= _words(said) | {"today": tokyo_day(now)}
    return render(request, "approvals/tasks.html", context)


@router.get("/approvals/matters/{matter_id}")
def show_matter(
    request: Request, matter_id: str, site: SiteDep, actor: ActorDep, language: LanguageDep
) -> Response:
    """Return one matter with its way, history, files and what the reader may do."""
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
        context = _matter_context(request, connection, site, matter, actor)
    return render(request, "approvals/matter.html", context)


@router.post("/approvals/matters/{matter_id}/act")
def act_on_matter(
    request: Request, matter_id: str, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Do what the pressed button says; a field that cannot be used comes back with its error."""
    action = BUTTON_ACTIONS.get(str(posted.get("action", "")))
    if action is None:
        raise InputError("Press one of the buttons.", where="action")
    now = site.now()
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
        form = _act_form(connection, site, matter, actor, request, posted)
    form.validate()
    wanted = isinstance(form, DecideForm) and action is Action.DECIDE
    conditions = form.read_conditions(tokyo_day(now)) if isinstance(form, DecideForm) and wanted else []
    if not any(field.errors for field in form):
        try:
            with site.database.write() as connection:
                outcome = act(
                    connection,
                    matter_id,
                    action,
                    actor,
                    now,
                    reason=form.reason.data or "",
                    for_id=form.hand.data or "",
                    conditions=conditions,
                    seen=form.seen_count,
                )
            return redirect(request, _path(matter_id), DONE[action], number=outcome.state.number)
        except InputError as error:
            if type(error) is not InputError:
                raise
            form.fail_with(error)
    return _show_again(request, site, actor, matter_id, {"act_form": form})


@router.get("/approvals/matters/{matter_id}/withdraw")
def ask_withdrawal(request: Request, matter_id: str, site: SiteDep, actor: ActorDep) -> Response:
    """Return the page that asks before a matter is withdrawn."""
    said = translator(request, "approvals")
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
    return render(
        request,
        "kit/confirm.html",
        {
            "question": said("Withdraw the matter {title}?", title=matter.draft.title),
            "consequences": [
                said("Nobody can act on it any more, and it cannot be handed in again."),
                said("Its history and files stay."),
            ],
            "action": f"{_path(matter_id)}/withdraw",
            "verb": said("Withdraw"),
            "back": _path(matter_id),
        },
    )


@router.post("/approvals/matters/{matter_id}/withdraw")
def withdraw_matter(request: Request, matter_id: str, site: SiteDep, actor: ActorDep) -> Response:
    """Withdraw a matter, by its drafter."""
    with site.database.write() as connection:
        act(connection, matter_id, Action.WITHDRAW, actor, site.now())
    return redirect(request, _path(matter_id), DONE[Action.WITHDRAW])


@router.post("/approvals/matters/{matter_id}/attachments")
def add_attachment(
    request: Request, matter_id: str, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Keep an uploaded file with a matter."""
    form = parse_form(posted, AttachForm, language)
    file = posted.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        form.fail("file", "Choose a file.")
        return _show_again(request, site, actor, matter_id, {"attach_form": form})
    content = file.file.read(LIMIT_BYTES + 1)
    try:
        with site.database.write() as connection:
            entry = attach_file(connection, matter_id, file.filename, content, actor, site.now())
    except InputError as error:
        if type(error) is not InputError:
            raise
        form.fail_with(error)
        return _show_again(request, site, actor, matter_id, {"attach_form": form})
    return redirect(request, _path(matter_id), mark("{name} was attached."), name=entry.name)


@router.get("/approvals/matters/{matter_id}/attachments/{attachment_id}")
def send_attachment(matter_id: str, attachment_id: str, site: SiteDep) -> Response:
    """Return a file for saving; it is never shown inside the page."""
    with site.database.read() as connection:
        entry, content = read_attachment(connection, matter_id, attachment_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(entry.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/approvals/matters/{matter_id}/conditions/{condition_id}")
def fulfil(
    request: Request,
    matter_id: str,
    condition_id: str,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
) -> Response:
    """Record with which evidence a condition was fulfilled."""
    form = parse_form(posted, FulfilForm, language, prefix=condition_id)
    if not form.validate():
        return _show_again(request, site, actor, matter_id, {"fulfil_forms": {condition_id: form}})
    with site.database.write() as connection:
        matter = read_matter(connection, matter_id)
        owner = _owner_of(matter, condition_id)
        fulfil_condition(
            connection,
            matter_id,
            condition_id,
            actor,
            site.now(),
            evidence=form.evidence.data or "",
            for_id="" if owner == actor.id else owner,
        )
    return redirect(request, _path(matter_id), mark("The condition was recorded as fulfilled."))


def _owner_of(matter: Matter, condition_id: str) -> str:
    conditions = measure_state(matter.steps, matter.events).conditions
    owners = [item.owner_id for item in conditions if item.id == condition_id]
    if not owners:
        raise NotFoundError("The matter has no such condition.", where=condition_id)
    return owners[0]


def _show_again(request: Request, site: Site, actor: Actor, matter_id: str, more: dict[str, Any]) -> Response:
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
        context = _matter_context(request, connection, site, matter, actor)
    return render(request, "approvals/matter.html", {**context, **more}, 422)


def _matter_context(
    request: Request, connection: Connection, site: Site, matter: Matter, actor: Actor
) -> dict[str, Any]:
    said, now = translator(request, "approvals"), site.now()
    names = Names(connection, said)
    state = measure_state(matter.steps, matter.events)
    hands = allowed_actions(connection, matter, actor, now)
    offered = [action for action in Action if any(action in actions for _, actions in hands)]
    owners = [actor.id, *(hand.for_id for hand in deputy_hands(connection, actor, now))]
    conditions = list_conditions(matter, state, names, owners, now)
    routes = {route.id: route_title(route, said.language) for route in store.list_routes(connection)}
    return {
        "matter": matter,
        "state": state,
        "names": names,
        "kind": KindNames(connection, said)(matter),
        "route": routes.get(matter.route_id, matter.route_id),
        "phase": read_phase(state, said),
        "risk": read_risk(matter, said),
        "steps_shown": list_steps(matter, state, names, said),
        "history": list_history(matter, names, said),
        "stamps": list_stamps(matter, state, names, said),
        "conditions": conditions,
        "due": due_note(matter, state, now),
        "attachments": list_attachments(connection, matter.id),
        "beside": list_beside(connection, site, matter),
        "may_attach": bool(hands) or actor.id in {person for person, _ in state.acted},
        "is_deputy": any(hand.for_id for hand, _ in hands),
        "offered": offered,
        "step_actions": [action for action in offered if action in STEP_ACTIONS],
        "buttons": BUTTONS,
        "act_form": _act_form(connection, site, matter, actor, request, None),
        "attach_form": parse_form(None, AttachForm, said.language),
        "fulfil_forms": {
            item.condition.id: parse_form(None, FulfilForm, said.language, prefix=item.condition.id)
            for item in conditions
        },
    }


def list_beside(connection: Connection, site: Site, matter: Matter) -> list[NavItem]:
    """Return what other rooms show an approver of this matter."""
    subject = matter.draft.subject
    hooks = [room.beside_matter for room in site.rooms if room.beside_matter]
    found = (call_name(hook, connection, matter.draft.kind, subject.room, subject.id) for hook in hooks)
    return [item for items in found for item in items]


def _act_form(
    connection: Connection,
    site: Site,
    matter: Matter,
    actor: Actor,
    request: Request,
    posted: FormData | None,
) -> ActForm:
    """Return the form that fits what the reader may do: with conditions only for who may decide."""
    said = translator(request, "approvals")
    hands = allowed_actions(connection, matter, actor, site.now())
    names = Names(connection, said)
    choices: dict[str, Any] = {"hand": _hand_choices([hand for hand, _ in hands], names, said)}
    data = {"seen": str(len(matter.events))}
    if not any(Action.DECIDE in actions for _, actions in hands):
        return parse_form(posted, ActForm, said.language, data, choices=choices)
    people = [
        (person.id, person.label(said.language))
        for person in list_people(connection)
        if person.state is PersonState.ACTIVE
    ]
    choices |= {f"condition_owner_{row}": [("", said("Choose")), *people] for row in (1, 2, 3)}
    return parse_form(posted, DecideForm, said.language, data, choices=choices)


def _hand_choices(hands: list[Hand], names: Names, said: Translator) -> list[tuple[str, str]]:
    found = [
        (
            hand.for_id,
            said("As deputy of {person}", person=names(hand.for_id)) if hand.for_id else said("Myself"),
        )
        for hand in hands
    ]
    return found or [("", said("Myself"))]


def _words(said: Translator) -> dict[str, Any]:
    return {
        "phase_of": lambda state: read_phase(state, said),
        "risk_of": lambda matter: read_risk(matter, said),
    }


def _path(matter_id: str) -> str:
    return f"/approvals/matters/{quote(matter_id, safe='')}"


router.include_router(list_router)
router.include_router(rule_router)
router.include_router(deputy_router)
