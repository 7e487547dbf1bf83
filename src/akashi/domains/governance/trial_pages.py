"""The page of a trial: write as a customer does, read the output, judge it, go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor
from akashi.domains.governance.forms import PlayForm
from akashi.domains.governance.measure import LEAST_SAMPLES, MOST_CORRECTED, is_trying
from akashi.domains.governance.treat import VERDICTS, Case, read_case
from akashi.domains.governance.trial import Talk, judge_played, list_settings, play
from akashi.domains.governance.words import OUTCOMES
from akashi.domains.governance.words import VERDICTS as VERDICT_WORDS
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
KEPT = mark("The output was judged.")


@router.get("/governance/{code}/trial")
def show_trial(request: Request, site: SiteDep, language: LanguageDep, code: str) -> Response:
    """Return how far the trial is, and what can be played."""
    return _show(request, site, language, code, Talk("", language), parse_form(None, PlayForm, language))


@router.post("/governance/{code}/trial/play")
def play_on(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Judge the newest output where there is one, and put the next sentence."""
    form = parse_form(posted, PlayForm, language, choices=_choices(request, site, language, code))
    said = tuple(str(one) for one in posted.getlist("said"))
    talk = Talk(str(form.setting.data or ""), language, said)
    if not form.validate():
        return _show(request, site, language, code, talk, form)
    try:
        told = _judge(site, actor, code, talk, form) if said else ""
        sentence = str(form.sentence.data or "").strip()
        if not sentence and not said and talk.setting:
            return _show(request, site, language, code, talk, form)
        if not sentence and said:
            return redirect(request, f"/governance/{code}/trial", told or KEPT)
        talk = Talk(talk.setting, language, (*said, sentence))
        play(site, code, talk)
    except InputError as error:
        form.form_errors.append(translator(request, "governance")(error.message, **error.values))
        return _show(request, site, language, code, Talk(talk.setting, language, said), form)
    fresh = {"setting": talk.setting, "seconds_saved": form.seconds_saved.data or 0}
    again = parse_form(None, PlayForm, language, fresh, choices=_choices(request, site, language, code))
    return _show(request, site, language, code, talk, again, told)


def _judge(site: Site, actor: Actor, code: str, talk: Talk, form: PlayForm) -> str:
    """Keep the judgment; return what is to be said of it, empty where nothing."""
    if form.verdict.data not in VERDICTS:
        raise InputError("Choose whether it was used, corrected or useless.", where="verdict")
    try:
        seconds, note = int(form.seconds_saved.data or 0), str(form.note.data or "")
        judge_played(site, actor, code, talk, form.verdict.data, seconds, note)
    except ConflictError as error:
        if not is_trying(read_case(site, code).standing.events):
            raise
        return error.message
    return ""


def _choices(request: Request, site: Site, language: str, code: str) -> dict[str, Any]:
    said = translator(request, "governance")
    return {
        "setting": [(one.code, one.titles.get(language, "")) for one in list_settings(site, code, language)],
        "verdict": [(name, said(VERDICT_WORDS[name])) for name in VERDICTS],
    }


def _show(
    request: Request, site: Site, language: str, code: str, talk: Talk, form: PlayForm, told: str = ""
) -> Response:
    case, settings = read_case(site, code), list_settings(site, code, language)
    choices = _choices(request, site, language, code)
    if len(settings) == 1 and not talk.setting:
        talk = replace(talk, setting=settings[0].code)
    if not form.setting.choices:
        form = parse_form(None, PlayForm, language, {"setting": talk.setting}, choices=choices)
    chosen = next((one for one in settings if one.code == talk.setting), None)
    context = {
        "one": case.standing.use_case,
        "trial": case.standing.trial,
        "least": LEAST_SAMPLES,
        "most": round(100 * MOST_CORRECTED),
        "is_trying": is_trying(case.standing.events),
        "settings": settings,
        "chosen": chosen,
        "talk": talk,
        "turns": _turns(site, case, code, talk),
        "outcomes": OUTCOMES,
        "form": form,
        "told": told,
        "language": language,
    }
    return render(request, "governance/trial.html", context, 422 if form.errors or form.form_errors else 200)


def _turns(site: Site, case: Case, code: str, talk: Talk) -> list[tuple[str, str, str]]:
    """Return each sentence with its reply and outcome; nothing where what was posted cannot be played."""
    try:
        played = play(site, code, talk) if talk.sentences else None
    except InputError:
        return []
    return list(zip(talk.sentences, played.replies, played.outcomes, strict=True)) if played else []
