"""The paper of a run for its independent validator: method, assumptions, limits, uncertainty, results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from akashi.core.moments import tokyo_day
from akashi.domains.evaluation import views
from akashi.domains.evaluation.chart import draw_suites
from akashi.domains.evaluation.findings import Judged
from akashi.domains.evaluation.treat import list_options
from akashi.domains.evaluation.views import RunPage
from akashi.platform.papers import Block, Bullets, Facts, Figure, Heading, Paper, PaperTable, Signatures, Text
from akashi.platform.site import Site

Say = Callable[[str, str], str]


def make_method_paper(site: Site, run: str, language: str) -> Paper:
    """Return method and results of a run as a paper in ``ja`` or ``en``.

    Raises: NotFoundError: there is no such run.
    """
    page = views.read_run_page(site, run)
    is_japanese = language == "ja"

    def say(japanese: str, english: str) -> str:
        return japanese if is_japanese else english

    blocks = (
        *_scope(page, say),
        *_method(page, say),
        *_results(page, say, language),
        *_limits(page, say),
        *_treatments(page, say),
        Heading(say("検証者の確認", "Sign-off of the validator"), 1),
        Text(
            say(
                "検証者は、この評価の対象を開発した者ではないこと。",
                "The validator did not develop what is evaluated.",
            )
        ),
        Signatures((say("検証者", "Validator"), say("リスク管理部門", "Risk management"))),
    )
    return Paper(
        say(f"評価方法書・評価結果：{page.kept.title}", f"Evaluation method and results: {page.kept.title}"),
        blocks,
        tokyo_day(page.kept.ended_at or site.now()),
        language,
        subtitle=page.kept.target,
        number=run,
    )


def _scope(page: RunPage, say: Say) -> Iterator[Block]:
    kept = page.kept
    yield Heading(say("対象", "Scope"))
    yield Facts(
        (
            (say("AIユースケース", "AI use case"), kept.subject or "—"),
            (say("評価対象", "Target"), kept.target),
            (say("方式", "Mode"), kept.mode),
            (say("評価対象のダイジェスト", "Digest of the target"), kept.target_digest),
            (say("全応答のダイジェスト", "Digest of all replies"), kept.head or "—"),
            (say("事例数", "Cases"), f"{kept.cases:,}"),
            (say("行うことの便益", "Benefit of doing it"), kept.plan.doing or "—"),
            (say("行わないことの費用", "Cost of not doing it"), kept.plan.not_doing or "—"),
        )
    )
    yield Text(
        say(
            "以下の数値は、この方式とこのダイジェストについてのみ言えることであり、ほかの方式には当てはまらない。",
            "What follows is said of this mode and this digest only.",
        ),
        "strong",
    )


def _method(page: RunPage, say: Say) -> Iterator[Block]:
    yield Heading(say("方法", "Method"))
    yield Bullets(
        (
            say(
                "事例を評価対象に与え、応答をすべて保存し、定まった規則で判定した。判定は保存した応答だけから再現できる。",
                "Cases were played to the target; every reply was kept and judged by fixed rules.",
            ),
            say(
                "応答なしと判定不能は分母に残し、許容水準との比較では不合格とみなした。",
                "Missing and inconclusive replies stay in the denominator and count as failed.",
            ),
            say(
                "上限・下限は片側95%のClopper-Pearson限界、区間はひな型を再抽出した両側95%区間である。",
                "Bounds are one-sided 95 % Clopper-Pearson; intervals two-sided, templates resampled.",
            ),
            say(
                "各規則は、不合格と分かっている応答と合格と分かっている応答のそれぞれ59件以上で確かめた。",
                "Every rule was tried on at least 59 replies known to be bad and 59 known to be good.",
            ),
        )
    )
    yield PaperTable(
        (
            say("規則", "Rule"),
            say("版", "Version"),
            say("検出", "Caught"),
            say("誤検出なし", "Cleared"),
            say("ダイジェスト", "Digest"),
        ),
        tuple(
            (
                str(one["scorer"]["name"]),
                str(one["scorer"]["version"]),
                f"{one['caught']}/{one['positives']}",
                f"{one['cleared']}/{one['negatives']}",
                str(one["scorer"]["digest"])[:16],
            )
            for one in page.kept.controls
        ),
        say("規則と対照", "Rules and their controls"),
        numbers=(2, 3),
    )


def _results(page: RunPage, say: Say, language: str) -> Iterator[Block]:
    yield Heading(say("結果", "Results"))
    table = PaperTable(
        (
            say("評価セット", "Suite"),
            "n",
            "k",
            say("未判定", "Unscored"),
            say("率", "Rate"),
            say("片側95%上限", "Upper bound"),
            say("許容", "Accepted"),
            say("人の誤り率", "People"),
            say("ひな型", "Templates"),
            say("結果", "Result"),
        ),
        tuple(_row(one, say) for one in page.judged),
        say("未判定を不合格とみた片側95%信頼上限", "Upper bounds count everything unscored as failed"),
        numbers=(1, 2, 3, 4, 5, 6, 7, 8),
    )
    if not page.judged:
        yield table
        return
    yield Figure(
        draw_suites(page.judged, language),
        say("不合格率と上下限（%）", "Failure rate with bounds (%)"),
        say(
            "評価セットごとの不合格率と限界。数値は次の表のとおり。",
            "Failure rate of each suite; the table has the figures.",
        ),
        table,
    )


def _row(one: Judged, say: Say) -> tuple[str, ...]:
    measured, human = one.measurement, one.tolerance.human
    return (
        say(str(one.suite["title_ja"]), str(one.suite["title_en"])),
        f"{measured.n:,}",
        f"{measured.failed:,}",
        f"{measured.unscored:,}",
        f"{measured.rate:.2%}",
        f"{measured.worst_upper:.2%}",
        f"{one.tolerance.accepted:.2%}",
        say("未測定", "not measured") if human is None else f"{human:.2%}",
        f"{measured.templates:,}",
        say("許容内", "within") if one.is_kept else say("許容超過・未証明", "above or not proven"),
    )


def _limits(page: RunPage, say: Say) -> Iterator[Block]:
    yield Heading(say("前提条件・限界・不確実性", "Assumptions, limits and uncertainty"))
    shared: Any = (
        say(
            "事例は人が書いたひな型に基づく。ひな型に無い攻撃や質問については何も言えない。",
            "Cases come from hand-written templates; nothing is said of attacks or questions of other forms.",
        ),
        say(
            "事例は互いに独立で、実際の利用での頻度を表さない。率は評価セットの中での割合である。",
            "Cases do not stand for real frequencies; a rate is a share of the suite.",
        ),
        say(
            "規則は言い換えによる漏えいや婉曲な誤りを見落とし得る。対照の59件では誤り率5%未満までしか言えない。",
            "Rules may miss paraphrased leaks; 59 controls show an error rate below 5 % only.",
        ),
        say(
            "外部のモデルは名称が同じまま変わり得る。運用中に定期的に再評価する。",
            "Hosted models may change under an unchanged name; they are evaluated again in operation.",
        ),
    )
    extra: tuple[str, ...] = ()
    if page.kept.mode == "extractive":
        extra = (
            say(
                "抽出型は事例の指示文を受け取らない。事例中の文書は質問の前に貼り付けて与えた。",
                "The extractive mode takes no instructions; documents were pasted before the question.",
            ),
        )
    yield Bullets((*shared, *extra))


def _treatments(page: RunPage, say: Say) -> Iterator[Block]:
    options = list_options([one for one in page.judged if not one.is_kept])
    if not options:
        return
    yield Heading(say("検出事項への対応案", "Options for what was found"))
    yield PaperTable(
        (
            say("対応", "Treatment"),
            say("費用", "Cost"),
            say("残るもの", "What remains"),
            say("確認", "Proof"),
        ),
        tuple(
            (
                say(one.title_ja, one.title_en),
                say(one.cost_ja, one.cost_en),
                say(one.remains_ja, one.remains_en),
                say(one.proof_ja, one.proof_en),
            )
            for one, _ in options
        ),
    )
