"""Loans 融資: from "I need money for an oven" to a complete application and its 融資稟議書 (001-1, 000 III).

For a customer, who is asked one thing at a time and may correct, pause or leave at any moment; for the loan
officer, who receives an application whose every value says where it comes from. Nothing here decides a loan,
names a rate or promises a limit. Read ``model.py`` first, then ``measure/conversing.py``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.domains.loans",
    title="Loans",
    summary="Collect what a loan application needs, and draft the paper on which it is decided.",
    router="akashi.domains.loans.pages:router",
    commands="akashi.domains.loans.commands:app",
    command_name="loans",
    tiles="akashi.domains.loans.report:tiles",
    checks="akashi.domains.loans.report:checks",
    warm="akashi.domains.loans.report:warm",
    stop="akashi.domains.loans.stopping:stop_loans",
    resume="akashi.domains.loans.stopping:resume_decided",
    serves=("loan_intake",),
    nav=(
        NavItem("Loan applications", "/loans/desk"),
        NavItem("Loan conversation in operation", "/loans/operation"),
    ),
    customer_nav=(NavItem("Apply for a loan", "/loans"),),
    duties=(
        Duty("forget_access", "akashi.domains.loans.access:forget_access"),
        Duty("sample_loans", "akashi.sample.loans:seed_loans"),
        Duty("sample_loans_evaluated", "akashi.sample.loans_evaluation:evaluate_loans"),
    ),
)
