"""AIユースケース管理台帳 and its decisions: what AI the group uses, what it was tested for, who let it live.

For risk officers, business owners and executives (documents 000 IV and 001-3). Read ``measure.py`` first.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.domains.governance",
    title="AI use cases",
    summary="What AI is used for, what it was tested for, and who decided that it lives.",
    router="akashi.domains.governance.pages:router",
    commands="akashi.domains.governance.commands:app",
    command_name="governance",
    more_commands=(
        (
            "publish",
            "akashi.domains.governance.bundle.commands:publish_app",
            "Write a use case and its evidence into one signed file.",
        ),
        (
            "bundle",
            "akashi.domains.governance.bundle.commands:app",
            "Verify, import, re-run, compare and adopt the bundle of another institution.",
        ),
    ),
    tiles="akashi.domains.governance.report:tiles",
    evidence="akashi.domains.governance.evidence:list_evidence",
    notices="akashi.domains.governance.staleness:list_notices",
    duties=(
        Duty("watch_spending", "akashi.domains.governance.spending:watch_spending"),
        Duty("watch_decisions", "akashi.domains.governance.staleness:watch_decisions"),
        Duty("sample_programme", "akashi.sample.programme:seed_programme"),
    ),
    nav=(NavItem("AI use cases", "/governance", "risk"),),
)
