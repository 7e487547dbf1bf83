"""Cases played to an AI, every reply kept and judged by fixed rules, for validators and the risk department.

Serves document 001, step 2, and document 000 (IV). Read ``model.py`` first, then ``interfaces.py`` and
``measure``; ``scorers`` holds one rule a file.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.domains.evaluation",
    title="Evaluation",
    summary="Prove or disprove, on cases with a source, that an AI is safe.",
    router="akashi.domains.evaluation.pages:router",
    commands="akashi.domains.evaluation.commands:app",
    command_name="evaluate",
    evidence="akashi.domains.evaluation.evidence:list_evidence",
    duties=(
        Duty("watch_targets", "akashi.domains.evaluation.watch:watch_targets"),
        Duty("score_judged", "akashi.domains.evaluation.judging.people:score_judged"),
        Duty("sample_evaluations", "akashi.sample.evaluations:seed_evaluations"),
    ),
    nav=(NavItem("Evaluation", "/evaluation", "risk"),),
)
