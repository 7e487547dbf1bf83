"""JSON between the parent and the child. The child may have been taken over: its answer is checked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import cast

from akashi.core.errors import InputError
from akashi.core.spans import Interval
from akashi.documents.model import FieldValue, ParsedDocument, ParsingWarning, Passage, PassageKind

from .draft import Source
from .limits import Limits

Json = dict[str, object]
_KINDS = ("qa", "section", "table")


class MalformedError(Exception):
    """The answer of the child is not one that our code gives."""


def encode_request(source: Source) -> bytes:
    """Return one line of JSON that says what to read and within which limits."""
    request = {
        "name": source.name,
        "limits": asdict(source.limits),
        "tesseract": source.tesseract,
    }
    return json.dumps(request).encode() + b"\n"


def decode_request(line: bytes) -> Source:
    """Return what ``encode_request`` was given."""
    request = json.loads(line)
    return Source(request["name"], Limits(**request["limits"]), request["tesseract"])


def encode_document(document: ParsedDocument) -> bytes:
    """Return the parsed document as JSON."""
    answer: Json = {
        "text": document.text,
        "passages": [_passage_row(passage) for passage in document.passages],
        "media_type": document.media_type,
        "encoding": document.encoding,
        "page_count": document.page_count,
        "warnings": [[warning.message, dict(warning.values)] for warning in document.warnings],
    }
    return json.dumps({"document": answer}, ensure_ascii=False).encode()


def _passage_row(passage: Passage) -> list[object]:
    question = passage.question
    return [
        passage.kind,
        passage.heading,
        None if question is None else [question.start, question.end],
        [passage.body.start, passage.body.end],
        passage.page,
    ]


def encode_error(error: InputError) -> bytes:
    """Return the error as JSON."""
    answer = {
        "message": error.message,
        "where": error.where,
        "next_step": error.next_step,
        "values": error.values,
    }
    return json.dumps({"error": answer}).encode()


def decode_answer(data: bytes) -> ParsedDocument:
    """Return the document in the child's answer.

    Raises: InputError: the child found fault with the file. MalformedError: not an answer of ours.
    """
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedError("not JSON") from error
    if isinstance(answer, dict) and "error" in answer:
        raise decode_error(answer["error"])
    if not isinstance(answer, dict) or "document" not in answer:
        raise MalformedError("neither document nor error")
    return _decode_document(_object(answer["document"]))


def decode_error(answer: object) -> InputError:
    """Return the error in the child's answer. Raises: MalformedError: not an answer of ours."""
    error = _object(answer)
    return InputError(
        _text(error.get("message")),
        where=_text(error.get("where")),
        next_step=_text(error.get("next_step")),
        **dict(_values(error.get("values"))),
    )


def _decode_document(document: Json) -> ParsedDocument:
    text = _text(document.get("text"))
    encoding, page_count = document.get("encoding"), document.get("page_count")
    return ParsedDocument(
        text,
        tuple(_decode_passage(row, text) for row in _list(document.get("passages"))),
        _text(document.get("media_type")),
        None if encoding is None else _text(encoding),
        None if page_count is None else _count(page_count),
        tuple(_decode_warning(row) for row in _list(document.get("warnings"))),
    )


def _decode_passage(row: object, text: str) -> Passage:
    fields = _list(row)
    if len(fields) != 5 or fields[0] not in _KINDS:
        raise MalformedError("not a passage")
    kind, heading, question, body, page = fields
    return Passage(
        cast(PassageKind, kind),
        tuple(_text(label) for label in _list(heading)),
        None if question is None else _interval(question, text),
        _interval(body, text),
        None if page is None else _count(page),
    )


def _decode_warning(row: object) -> ParsingWarning:
    fields = _list(row)
    if len(fields) != 2:
        raise MalformedError("not a warning")
    return ParsingWarning(_text(fields[0]), _values(fields[1]))


def _interval(value: object, text: str) -> Interval:
    bounds = _list(value)
    if len(bounds) != 2:
        raise MalformedError("not an interval")
    start, end = _count(bounds[0]), _count(bounds[1])
    if not start < end <= len(text) or not text[start:end].strip():
        raise MalformedError("an interval outside the text, or blank")
    return Interval(start, end)


def _values(value: object) -> tuple[tuple[str, FieldValue], ...]:
    fields = _object(value)
    if not all(isinstance(field, str | int | float) for field in fields.values()):
        raise MalformedError("not the values of a message")
    return tuple((key, cast(FieldValue, field)) for key, field in fields.items())


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise MalformedError("not an object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise MalformedError("not a list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError("not a text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise MalformedError("not a count")
    return value
