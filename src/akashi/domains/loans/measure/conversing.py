"""The loan conversation: a talk and a sentence become the next talk and a reply. Pure; read this first.

    talk, reply = begin(product, "ja", today)          # asks for consent
    talk, reply = say(talk, "はい")                     # asks the first item: reply.asks == "business_form"
    talk, reply = say(talk, "個人です")                 # reads it back and asks the next
    ...                                                # talk.stage is SUMMARY when everything was asked
    talk, reply = say(talk, "はい")                     # talk.stage is READY: may be submitted

``talk.values`` are the values so far (`Value`, by item), ``talk.known`` their plain values, ``talk.turns``
the number of sentences said. A sentence is, in this order: a wish (a person, why, back, withdraw …), a
correction of something said before, an answer to what was asked, or a question in between
(``reply.question``, for the assistant; the item is asked again). What is certain is read back with the next
question and may be corrected at any time; what is not certain counts only after a yes. Nothing is ever
guessed, and a reply consists of wordings of data only (``wording.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from akashi.core.moments import TOKYO
from akashi.domains.loans.measure.answers import Answer, AskedBack, LeftOut, Taken, read_answer
from akashi.domains.loans.measure.asides import (
    Aside,
    find_aside,
    fold,
    is_contradiction,
    is_correction,
    is_musing,
    is_question,
    is_request,
    is_word,
    read_yesno,
    strip_lead,
)
from akashi.domains.loans.measure.asking import (
    ask_again,
    ask_consent,
    ask_item,
    ask_next,
    offer_answers,
    offer_candidates,
    summarise,
    town_before,
    yes_no,
)
from akashi.domains.loans.measure.corrections import FREE, Correction, find_correction
from akashi.domains.loans.measure.explaining import explain_item
from akashi.domains.loans.measure.places import complete_address
from akashi.domains.loans.measure.plainness import is_plain
from akashi.domains.loans.measure.setting import set_value
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Pending, Reply, Stage, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item, ItemKind, Origin, Product

LONGEST_SENTENCE = 2_000
TRIES_BEFORE_HELP = 2
Step = tuple[Talk, Reply]


def begin(product: Product, language: str, today: date) -> Step:
    """Return a new talk about ``product`` and its first words: what is collected for what, and consent."""
    talk = Talk(product, language, today)
    hello = Phrase("hello", {"product": product.title[language]})
    return talk, Reply((hello, *ask_consent(talk)), options=yes_no(talk))


def resume(talk: Talk) -> Reply:
    """Return what a talk asks now, for a page that is opened again."""
    return ask_again(talk)


def say(talk: Talk, sentence: str, *, at: datetime | None = None, reference: str = "") -> Step:
    """Return the talk after a sentence of the applicant, and the reply.

    ``at`` and ``reference`` (the turn's id) go into the values; without them noon of ``talk.today`` and the
    turn's number.
    """
    talk = replace(talk, turns=talk.turns + 1)
    moment = at or datetime.combine(talk.today, time(12), TOKYO)
    heard = Heard(sentence, moment, reference or f"turn {talk.turns}")
    if talk.stage is Stage.WITHDRAWN:
        return talk, Reply((Phrase("closed"),))
    if len(sentence) > LONGEST_SENTENCE:
        return talk, ask_again(talk, (Phrase("unclear_long"),))
    if not fold(sentence):
        return talk, ask_again(talk, (Phrase("empty"),))
    wish = find_aside(sentence)
    if wish is not None and (wish in _SHORT or not _asks_free(talk) or is_request(sentence)):
        return _WISHES[wish](talk)
    return _STAGES[talk.stage](talk, heard)


def propose(talk: Talk, heard: Heard, item: Item, text: str, origin: Origin = Origin.ENDPOINT) -> Step | None:
    """Return a talk that asks whether a value proposed by others is right; None where ours cannot read it.

    ``text`` is the value as proposed. It counts only after the applicant's own yes.
    """
    answer = read_answer(item, text, talk.today)
    if not isinstance(answer, Taken) or not item.is_due(talk.known):
        return None
    return _ask_confirmation(talk, Pending(item.id, answer.value, heard.text, origin))


def _asks_free(talk: Talk) -> bool:
    return talk.stage is Stage.ASKING and bool(talk.item) and talk.product.item(talk.item).kind in FREE


def _hear_consent(talk: Talk, heard: Heard) -> Step:
    said = read_yesno(heard.text)
    if said:
        return ask_next(replace(talk, stage=Stage.ASKING), (Phrase("consented"),))
    if said is False:
        return talk, ask_again(talk, (Phrase("no_consent"),))
    return _turn_aside(talk, heard) if is_question(heard.text) else (talk, ask_again(talk))


def _hear_answer(talk: Talk, heard: Heard) -> Step:
    item = talk.product.item(talk.item)
    answer = _read_same(talk, item, heard.text) or read_answer(item, heard.text, talk.today)
    correction = find_correction(talk, heard.text, answer)
    if correction is not None and (is_musing(heard.text) or not is_question(heard.text)):
        return _take_correction(talk, correction, heard)
    is_denial = read_yesno(heard.text) is False and is_contradiction(heard.text)
    if is_denial and talk.last:
        return _reopen_last(talk, item)
    if is_correction(heard.text) and isinstance(answer, AskedBack) and talk.last in talk.values:
        return talk, ask_again(talk, (_say_clearly(talk),))
    is_plain = item.kind in (ItemKind.YESNO, ItemKind.CHOICE) and isinstance(answer, Taken)
    if is_question(heard.text) and not is_plain:
        return _turn_aside(talk, heard)
    return _take_answer(talk, item, answer, heard)


def _read_same(talk: Talk, item: Item, text: str) -> Taken | None:
    """Return the address said before, where an answer says that it is the same; to be confirmed."""
    if item.kind is not ItemKind.ADDRESS or not is_word(text, "same"):
        return None
    kinds = {one.id: one.kind for one in talk.product.items}
    said = [value for value in talk.values.values() if kinds[value.item] is item.kind]
    return Taken(said[-1].value, certain=False) if said else None


def _take_answer(talk: Talk, item: Item, answer: Answer, heard: Heard) -> Step:
    if isinstance(answer, LeftOut):
        return _leave_out(talk, item, answer)
    if isinstance(answer, AskedBack):
        return _ask_back(talk, item, answer)
    value, certain = answer.value, answer.certain
    if town := town_before(talk, item):
        whole = complete_address(str(value), town)
        value, certain = whole, certain and whole == value
    if not certain or not is_plain(item, heard.text):
        return _ask_confirmation(talk, Pending(item.id, value, heard.text))
    talk, said, taken = set_value(talk, item, value, heard)
    return ask_next(talk, said, taken)


def _take_correction(talk: Talk, correction: Correction, heard: Heard) -> Step:
    item, answer = correction.item, correction.answer
    if isinstance(answer, AskedBack) or (isinstance(answer, LeftOut) and item.required):
        talk = replace(talk, stage=Stage.ASKING, item=item.id, pending=None)
        return _ask_back(talk, item, answer) if isinstance(answer, AskedBack) else (talk, ask_again(talk))
    if isinstance(answer, LeftOut):
        return _leave_out(talk, item, answer)
    if correction.certain and answer.certain:
        talk, said, taken = set_value(talk, item, answer.value, heard)
        return ask_next(talk, said, taken)
    return _ask_confirmation(talk, Pending(item.id, answer.value, heard.text))


def _ask_confirmation(talk: Talk, pending: Pending) -> Step:
    talk = replace(talk, stage=Stage.CONFIRMING, pending=pending, item=pending.item)
    return talk, ask_again(talk)


def _ask_back(talk: Talk, item: Item, answer: AskedBack) -> Step:
    """Ask the same item again, with the reason and what may have been meant; after some tries, offer help."""
    talk = replace(talk, tries=talk.tries + 1)
    fields = {"label": item.label[talk.language]}
    if answer.bound is not None:
        fields["bound"] = show_value(item, answer.bound, talk.language)
    options = offer_candidates(talk, item, answer.candidates)
    said = [Phrase(answer.wording, fields)]
    if options:
        said += [] if answer.wording == "which" else [Phrase("which")]
        said += [Phrase("option", {"value": option.label}) for option in options]
    if talk.tries >= TRIES_BEFORE_HELP:
        said.append(Phrase("offer_form"))
    asked = ask_item(talk, item)
    return talk, Reply((*said, *asked), asks=item.id, options=options or offer_answers(talk, item))


def _leave_out(talk: Talk, item: Item, answer: LeftOut) -> Step:
    label = {"label": item.label[talk.language]}
    if not item.required:
        values = {key: value for key, value in talk.values.items() if key != item.id}
        gone = tuple(value for key, value in talk.values.items() if key == item.id)
        talk = replace(
            talk, values=values, earlier=(*talk.earlier, *gone), left=(*talk.left, item.id), tries=0
        )
        return ask_next(talk, (Phrase("left_out", label),))
    fields = {**label, "purpose": item.purpose[talk.language]}
    if item.id in talk.put_off or item.id in talk.values:
        talk = replace(talk, tries=talk.tries + 1)
        return talk, ask_again(talk, (Phrase("still_needed", fields), Phrase("offer_form")))
    return ask_next(replace(talk, put_off=(*talk.put_off, item.id)), (Phrase("put_off", label),))


def _reopen_last(talk: Talk, item: Item) -> Step:
    """Answer a plain 違います: ask the last item again; beside a yes-or-no question, ask what is meant."""
    last = talk.product.item(talk.last)
    if talk.last not in talk.values:
        return talk, ask_again(talk)
    if item.kind is ItemKind.YESNO:
        return talk, ask_again(talk, (_say_clearly(talk),))
    talk = replace(talk, stage=Stage.ASKING, item=last.id)
    return talk, ask_again(talk, (Phrase("not_confirmed"),))


def _say_clearly(talk: Talk) -> Phrase:
    """Return how to correct the last answer; a correction that is not understood must not pass unseen."""
    last = talk.product.item(talk.last)
    value = show_value(last, talk.values[last.id].value, talk.language)
    return Phrase("say_clearly", {"label": last.label[talk.language], "value": value})


def _turn_aside(talk: Talk, heard: Heard) -> Step:
    """Hand a question in between to whoever can answer it, and come back to the thread."""
    again = ask_again(talk, (Phrase("aside"), Phrase("resume")))
    return talk, replace(again, question=heard.text)


def _hear_confirmation(talk: Talk, heard: Heard) -> Step:
    if talk.pending is None:
        return ask_next(talk)
    pending, item = talk.pending, talk.product.item(talk.pending.item)
    said = read_yesno(heard.text)
    if said:
        confirmed = Heard(pending.said, heard.at, heard.reference)
        talk, phrases, taken = set_value(talk, item, pending.value, confirmed, pending.origin)
        return ask_next(talk, phrases, taken)
    if said is False:
        return _drop_pending(talk, item)
    if is_question(heard.text):
        return _turn_aside(talk, heard)
    open_ = replace(talk, stage=Stage.ASKING, pending=None, item=item.id)
    answer = read_answer(item, strip_lead(heard.text), talk.today)
    if isinstance(answer, Taken) and item.kind is not ItemKind.YESNO:
        return _take_answer(open_, item, answer, heard)
    correction = find_correction(open_, heard.text, answer)
    if correction is not None:
        return _take_correction(open_, correction, heard)
    return _ask_back(open_, item, answer) if isinstance(answer, AskedBack) else (talk, ask_again(talk))


def _drop_pending(talk: Talk, item: Item) -> Step:
    talk = replace(talk, stage=Stage.ASKING, pending=None)
    if item.id in talk.values:
        value = show_value(item, talk.values[item.id].value, talk.language)
        return ask_next(talk, (Phrase("kept", {"label": item.label[talk.language], "value": value}),))
    return talk, ask_again(talk, (Phrase("not_confirmed"),))


def _hear_summary(talk: Talk, heard: Heard) -> Step:
    said = read_yesno(heard.text)
    if said:
        talk = replace(talk, stage=Stage.READY)
        return talk, ask_again(talk)
    correction = find_correction(replace(talk, item=""), heard.text, AskedBack("unclear"))
    if correction is not None and not is_question(heard.text):
        return _take_correction(talk, correction, heard)
    if said is False or not is_question(heard.text):
        first = talk.due[0].label[talk.language]
        return talk, Reply((Phrase("what_to_correct", {"label": first}),))
    return _turn_aside(talk, heard)


def _hear_withdrawal(talk: Talk, heard: Heard) -> Step:
    said = read_yesno(heard.text)
    if said:
        talk = replace(talk, stage=Stage.WITHDRAWN, item="", pending=None)
        return talk, Reply((Phrase("withdrawn"),))
    if said is False:
        return _go_on(talk, Phrase("not_withdrawn"))
    return talk, ask_again(talk)


def _go_on(talk: Talk, said: Phrase) -> Step:
    """Return to where a talk was before it was interrupted."""
    if not talk.turns or (not talk.values and not talk.item and not talk.left):
        talk = replace(talk, stage=Stage.CONSENT)
        return talk, ask_again(talk, (said,))
    return ask_next(talk, (said,))


def _wish_person(talk: Talk) -> Step:
    return talk, replace(ask_again(talk, (Phrase("person"),)), wants_person=True)


def _wish_pause(talk: Talk) -> Step:
    return talk, replace(ask_again(talk, (Phrase("pause"),)), wants_pause=True)


def _wish_withdraw(talk: Talk) -> Step:
    talk = replace(talk, stage=Stage.WITHDRAWING, pending=None)
    return talk, ask_again(talk)


def _wish_why(talk: Talk) -> Step:
    if not talk.item:
        return talk, ask_again(talk)
    return talk, ask_again(talk, explain_item(talk, talk.product.item(talk.item)))


def _wish_summary(talk: Talk) -> Step:
    return talk, ask_again(talk, summarise(talk) if talk.stage is Stage.ASKING else ())


def _wish_nothing(talk: Talk) -> Step:
    """Answer a greeting or thanks with the question that is open."""
    return talk, ask_again(talk)


def _wish_back(talk: Talk) -> Step:
    if talk.last not in talk.values or talk.stage not in (Stage.ASKING, Stage.CONFIRMING, Stage.SUMMARY):
        return talk, ask_again(talk, (Phrase("nothing_to_go_back"),))
    talk = replace(talk, stage=Stage.ASKING, item=talk.last, pending=None)
    return talk, ask_again(talk)


_WISHES: Mapping[Aside, Callable[[Talk], Step]] = {
    Aside.PERSON: _wish_person,
    Aside.WITHDRAW: _wish_withdraw,
    Aside.WHY: _wish_why,
    Aside.SUMMARY: _wish_summary,
    Aside.PAUSE: _wish_pause,
    Aside.BACK: _wish_back,
    Aside.GREETING: _wish_nothing,
}
_SHORT = (Aside.GREETING, Aside.SUMMARY, Aside.PAUSE, Aside.BACK)
"""Wishes whose patterns take the whole sentence, so that no description can be one."""
_STAGES: Mapping[Stage, Callable[[Talk, Heard], Step]] = {
    Stage.CONSENT: _hear_consent,
    Stage.ASKING: _hear_answer,
    Stage.CONFIRMING: _hear_confirmation,
    Stage.SUMMARY: _hear_summary,
    Stage.READY: _hear_summary,
    Stage.WITHDRAWING: _hear_withdrawal,
}
