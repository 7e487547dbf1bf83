"""A large approved corpus of questions and answers, drawn from a seed, for the load benchmark.

Offices, products and matters combine to more than 300,000 distinct questions; fees, days and channels are
drawn. The texts are near to each other on purpose: many entries share their words, as in a real FAQ.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import date

from akashi.core.thread import Audience
from akashi.documents.parsing import parse_bytes
from akashi.documents.store import NewVersion, add_version
from akashi.documents.treat import submit_version
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route

ROWS_A_DOCUMENT = 2_000
DIRECTIONS = ("東", "西", "南", "北", "上", "下", "中", "新", "本", "大", "小", "元")
LANDS = tuple("山川田野原浜崎島森里沢谷岡橋津坂宮松")
PLACES = ("駅前", "市役所前", "港町", "中央")
PRODUCTS = (
    "普通預金", "定期預金", "積立預金", "住宅ローン", "教育ローン", "マイカーローン", "カードローン",
    "事業性融資", "投資信託", "外貨預金", "国債", "遺言信託", "貸金庫", "インターネットバンキング",
)  # fmt: skip
MATTERS = (
    ("名義変更", "名前が変わったので手続きしたい"), ("住所変更", "引っ越したので住所を直したい"),
    ("解約", "やめたい"), ("残高証明書の発行", "残高の証明をもらいたい"),
    ("暗証番号の変更", "番号を変えたい"),
    ("相続の手続き", "亡くなった家族の分を引き継ぎたい"), ("限度額の引き上げ", "使える金額を増やしたい"),
    ("利用明細の再発行", "明細をもう一度ほしい"), ("休日の相談", "土日に相談したい"),
    ("印鑑の変更", "はんこを変えたい"), ("代理人による手続き", "家族に代わりに行ってもらいたい"),
    ("繰り上げ返済", "早めに返したい"), ("自動引き落とし", "毎月引き落としにしたい"),
    ("通知の停止", "お知らせを止めたい"), ("申込の取消", "申し込みを取り消したい"),
    ("書類の再送", "書類をもう一度送ってほしい"), ("税金の扱い", "税金がどうなるか知りたい"),
    ("手数料の免除", "手数料をなしにできるか"), ("未成年者の利用", "子どもでも使えるか"),
    ("海外からの利用", "海外に住んでいても使えるか"),
)  # fmt: skip
CHANNELS = ("窓口", "電話", "郵送", "アプリ", "ホームページ")
PAPERS = ("本人確認書類", "届出印", "通帳", "戸籍謄本", "委任状", "住民票")


def draw_rows(count: int, seed: int = 20261121) -> Iterator[tuple[str, str, str]]:
    """Yield ``count`` different (question, answer, how a customer would ask)."""
    draw = random.Random(seed)
    offices = [f"{one}{two}{place}支店" for one in DIRECTIONS for two in LANDS for place in PLACES]
    total = len(offices) * len(PRODUCTS) * len(MATTERS)
    if count > total:
        raise SystemExit(f"--chunks: at most {total:,} different entries can be drawn")
    for number in draw.sample(range(total), count):
        number, matter = divmod(number, len(MATTERS))
        number, product = divmod(number, len(PRODUCTS))
        yield _make_row(offices[number], PRODUCTS[product], MATTERS[matter], draw)


def _make_row(
    office: str, product: str, matter: tuple[str, str], draw: random.Random
) -> tuple[str, str, str]:
    name, wish = matter
    first, second = draw.sample(PAPERS, 2)
    answer = (
        f"{office}で{product}の{name}をされるときは、{draw.choice(CHANNELS)}でお申し込みください。"
        f"{first}と{second}をご用意いただきます。手数料は{draw.randrange(11) * 110:,}円（税込）で、"
        f"お申し込みからおよそ{draw.randrange(1, 15)}営業日で完了します。"
        f"ご不明な点は平日9:00から{draw.choice(('15:00', '17:00', '19:00'))}までにお問い合わせください。"
    )
    return f"{office}で{product}の{name}はできますか", answer, f"{office}の{product}のことで、{wish}"


def approve_corpus(site: Site, chunks: int) -> list[str]:
    """Bring ``chunks`` entries into effect, each document on its approval route; return how customers ask."""
    actors, asked = list_actors(), []
    drafter = actors["isobe_mio"]
    rows = list(draw_rows(chunks))
    for number, start in enumerate(range(0, chunks, ROWS_A_DOCUMENT), 1):
        part = rows[start : start + ROWS_A_DOCUMENT]
        content = _write_csv(part)
        name = f"load_{number:04}.csv"
        new = NewVersion(
            key=f"load_{number:04}",
            title=f"よくある質問 第{number}集",
            title_en=f"Frequent questions, part {number}",
            audience=Audience.CUSTOMERS,
            owner_office="operations_department",
            file_name=name,
            content=content,
            parsed=parse_bytes(name, content),
            effective_from=date(2026, 4, 1),
        )
        with site.database.write() as connection:
            added = add_version(connection, new, drafter, site.now())
            if added.is_new:
                matter = submit_version(connection, added.version.id, drafter, site.now())
                walk_route(connection, matter, actors, site.now())
        asked += [row[2] for row in part]
    return asked


def _write_csv(rows: list[tuple[str, str, str]]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("question", "answer"))
    writer.writerows(row[:2] for row in rows)
    return table.getvalue().encode()
