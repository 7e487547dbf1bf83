"""Both languages are complete: whatever a package says has Japanese, with the same fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from akashi.core.errors import SetupError
from akashi.platform.kit.catalogs import Catalogs, Message, Translator, read_entries
from akashi.platform.kit.messages import find_untranslated, find_uses, list_catalogs, list_packages

FIELDS = re.compile(r"\{\w+\}|%\(\w+\)[sd]")


@pytest.mark.parametrize("package", list_packages(), ids=lambda path: path.name)
def test_every_message_has_japanese(package: Path) -> None:
    missing = find_untranslated([package], list_catalogs(), "ja")
    assert sorted({use.message for use in missing}) == []


@pytest.mark.parametrize("folder", list_catalogs(), ids=lambda path: path.name)
def test_translation_keeps_the_fields_of_its_message(folder: Path) -> None:
    with (folder / "locale" / "ja.po").open("rb") as file:
        entries = [entry for entry in read_po(file, abort_invalid=True) if entry.id and entry.string]
    odd = {}
    for entry in entries:
        ids = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
        said = next(iter([entry.string] if isinstance(entry.string, str) else entry.string or ()))
        if not set(FIELDS.findall(said)) <= {field for text in ids for field in FIELDS.findall(text)}:
            odd[ids[0]] = said
    assert odd == {}


def test_messages_are_found_where_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text(
        'class TornError(InputError): ...\nraise TornError("One.", where="x", next_step="Two.")\n'
        'redirect(request, "/x", flash="Three.")\nname = StringField("Four", description="Five")\n'
        'mark("Six")\nprint("not a message")\n',
        encoding="utf-8",
    )
    (tmp_path / "templates" / "room").mkdir(parents=True)
    template = '{{ _("Seven") }}{% if x %}{{ ngettext("{count} eight", "{count} eights", n) }}{% endif %}'
    (tmp_path / "templates" / "room" / "x.html").write_text(template, encoding="utf-8")
    found = [use.message for use in find_uses(tmp_path)]
    assert sorted(found) == sorted(
        ["One.", "Two.", "Three.", "Four", "Five", "Six", "Seven", "{count} eight"]
    )


def test_an_untranslated_message_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "pages.py").write_text('mark("Nobody ever translated this.")\n', encoding="utf-8")
    assert [use.line for use in find_untranslated([tmp_path], list_catalogs(), "ja")] == [1]


def test_a_room_means_its_own_word(tmp_path: Path) -> None:
    for room, word in (("kit", "開く"), ("findings", "未対応")):
        (tmp_path / room / "locale").mkdir(parents=True)
        (tmp_path / room / "locale" / "ja.po").write_text(
            f'msgid "Open"\nmsgstr "{word}"\n', encoding="utf-8"
        )
    catalogs = Catalogs((room, tmp_path / room) for room in ("kit", "findings"))
    assert catalogs.translator("ja", "findings")("Open") == "未対応"
    assert catalogs.translator("ja", "documents")("Open") == "開く"
    assert catalogs.translator("en", "findings")("Open") == "Open"


def test_fuzzy_and_empty_translations_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "ja.po"
    path.write_text('#, fuzzy\nmsgid "One"\nmsgstr "いち"\n\nmsgid "Two"\nmsgstr ""\n', encoding="utf-8")
    assert read_entries(path) == {}


def test_a_broken_catalogue_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "ja.po"
    path.write_text("no catalogue at all\n", encoding="utf-8")
    with pytest.raises(SetupError, match=r"ja\.po"):
        read_entries(path)


def test_values_ride_with_a_message() -> None:
    said = Translator("ja", ({"At most {limit} files.": "{limit}件までです。"},))
    assert said(Message("At most {limit} files.", limit=3)) == "3件までです。"
    assert said("At most {limit} files.") == "{limit}件までです。"


def test_plural_counts_in_english_and_not_in_japanese() -> None:
    japanese = Translator("ja", ({"{count} file": "{count}件"},))
    assert [japanese.plural("{count} file", "{count} files", n) for n in (1, 1200)] == ["1件", "1,200件"]
    assert Translator("en").plural("{count} file", "{count} files", 2) == "2 files"
