"""What this room lends to whoever tests it: the conversation, without the web between and without a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from akashi.core.errors import InputError
from akashi.core.evaluated import Setting
from akashi.core.moments import tokyo_day
from akashi.domains.loans.answering import ask_in_between
from akashi.domains.loans.measure.asking import ask_again
from akashi.domains.loans.measure.conversing import begin, say
from akashi.domains.loans.measure.proposing import Cell, propose_values
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Reply
from akashi.domains.loans.model import Product
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.register.products import list_products
from akashi.domains.loans.screening import goes_on, name_stop, screen_words
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site

LINES_OF_A_PAPER = 40
"""Lines of a paper that are laid out; the tests' papers have fewer."""


def talk_intake(
    site: Site, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Return what an applicant reads after each of his sentences, questions in between answered too.

    ``papers`` are the texts of papers handed in before; what they propose stands in the first reply.
    The guards look at each sentence as they do on the applicants' page. Nothing is kept: the installation
    is only asked what its guards and its assistant say.

    Raises: InputError: there is no such product.
    """
    known = list_products(site.settings.home)
    if product not in known:
        raise InputError("There is no loan product {product}.", where="target", product=product)
    talk, reply = begin(known[product], language, tokyo_day(site.now()))
    proposed = [line for paper in papers for line in _propose(known[product], language, paper)]
    replies = []
    for sentence in sentences:
        screened = screen_words(site, sentence)
        if goes_on(screened):
            talk, reply = say(talk, screened.text)
        else:
            reply = ask_again(talk, (name_stop(screened),))
        replies.append("\n".join([*proposed, *_words(site, reply, language)]))
        proposed = []
    return tuple(replies)


def open_intake(site: Site, language: str) -> tuple[Setting, ...]:
    """Return the products with their names, and what each says before the applicant says anything."""
    today = tokyo_day(site.now())
    return tuple(
        Setting(name, one.title, begin(one, language, today)[1].say(language))
        for name, one in list_products(site.settings.home).items()
    )


def _words(site: Site, reply: Reply, language: str) -> list[str]:
    """Return the reply, after what the assistant says to a question in between."""
    aside = ask_in_between(site, reply.question, language).excerpts if reply.question else ()
    return [*(str(one["text"]) for one in aside), reply.say(language)]


def _propose(product: Product, language: str, paper: str) -> list[str]:
    """Return what a paper would be seen to propose, line by line; nothing in it is an instruction."""
    lines = paper.splitlines()[:LINES_OF_A_PAPER]
    cells = []
    for number, line in enumerate(lines):
        label, _, value = line.partition("\t")
        top = 0.02 + number / (LINES_OF_A_PAPER + 2)
        cells.append(Cell(label, 0.1, top, 0.45, top + 0.015))
        cells += [Cell(value, 0.6, top, 0.85, top + 0.015)] if value else []
    labels = read_desk().labels
    items = {item.id: item for item in product.items}
    proposable = {name for one in product.documents for name in one.proposes}
    wanted = [(items[name], labels.get(name, items[name].names)) for name in sorted(proposable)]
    return [
        f"{items[one.item].label[language]}：{show_value(items[one.item], one.value, language)}"
        for one in propose_values(wanted, 1, cells)
    ]


def describe_intake(site: Site) -> Mapping[str, Any]:
    """Return what gives the replies: code, products, wordings and the assistant behind questions in between.

    The code of guards and language is part of what the assistant says of itself.
    """
    data = package_folder("akashi.domains.loans") / "data"
    assistant = site.ports.assistant
    return {
        "kind": "loan intake",
        "products": {name: one.digest for name, one in sorted(list_products(site.settings.home).items())},
        "code": _digest_code(),
        "words": {
            name: sha256((data / name).read_bytes()).hexdigest() for name in ("wording.toml", "words.toml")
        },
        "assistant": dict(assistant.describe(site)) if assistant else {},
    }


def _digest_code() -> str:
    """Return the SHA-256 over every program file of this room, by name."""
    folder, digest = package_folder("akashi.domains.loans"), sha256()
    for path in sorted(folder.rglob("*.py")):
        content = sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
