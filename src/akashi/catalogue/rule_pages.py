"""Pages of the institution's own rules: list, import with what changed, one rule with its editions."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from akashi.catalogue.forms import RuleForm
from akashi.catalogue.measure import MOST_BYTES
from akashi.catalogue.register import RuleFile, import_rule
from akashi.catalogue.report import KIND_TITLES
from akashi.catalogue.store import find_rule, list_clauses, list_rules
from akashi.catalogue.treat import Step
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Role
from akashi.identity.store import list_people
from akashi.platform.kit import FormDep, parse_form, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter(include_in_schema=False)

IMPORTERS = frozenset({Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER})


@router.get("/catalogue/rules")
def show_rules(request: Request, site: SiteDep, actor: ActorDep) -> Response:
    """Show the rules in use."""
    with site.database.read() as connection:
        rules = [rule for rule in list_rules(connection) if rule.replaced_at is None]
        counts = {rule.id: len(list_clauses(connection, rule.id)) for rule in rules}
    context = {"rules": rules, "counts": counts, "may_import": actor.has(*IMPORTERS)}
    return render(request, "catalogue/rules.html", context)


@router.get("/catalogue/rules/import")
def show_import(request: Request, language: LanguageDep, code: str = "") -> Response:
    """Ask for a rule; ``?code=`` starts a new edition of one that is known."""
    return render(
        request, "catalogue/import.html", {"form": parse_form(None, RuleForm, language, {"code": code})}
    )


@router.post("/catalogue/rules/import")
def post_import(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Import a rule and show what changed against the edition before."""
    form = parse_form(posted, RuleForm, language)
    file = posted.get("file")
    if form.validate() and isinstance(file, UploadFile):
        try:
            handed = _read_rule(form, file)
            with site.database.write() as connection:
                done = import_rule(Step(connection, actor, site.now()), handed, site.ports.read_headings)
            return render(request, "catalogue/imported.html", {"done": done})
        except InputError as error:
            form.fail_with(error)
        except ConflictError as error:
            form.fail("file", error.message, **error.values)
    return render(request, "catalogue/import.html", {"form": form}, 422)


@router.get("/catalogue/rules/{code}")
def show_rule(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str) -> Response:
    """Show the clauses in use and every edition."""
    with site.database.read() as connection:
        rule = find_rule(connection, code)
        clauses = list_clauses(connection, rule.id)
        editions = list_rules(connection, code)
        names = {person.id: person.label(language) for person in list_people(connection)}
    context = {
        "rule": rule,
        "clauses": clauses,
        "editions": editions,
        "names": names,
        "kinds": KIND_TITLES,
        "may_import": actor.has(*IMPORTERS),
    }
    return render(request, "catalogue/rule.html", context)


def _read_rule(form: RuleForm, file: UploadFile) -> RuleFile:
    content = file.file.read(MOST_BYTES + 1)
    if not file.filename or not content:
        raise InputError("Choose a file.", where="file")
    if len(content) > MOST_BYTES:
        raise InputError(
            "The file is larger than {most} megabytes.", where="file", most=MOST_BYTES // 1024**2
        )
    values = {name: str(form[name].data) for name in ("code", "title", "edition", "issuer")}
    return RuleFile(name=file.filename[-200:], content=content, **values)
