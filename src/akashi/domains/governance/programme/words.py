"""Words of the programme's page and paper, as message ids."""

from __future__ import annotations

from akashi.domains.governance.programme.model import ItemKind
from akashi.platform.kit import mark

KINDS = {
    ItemKind.THEME: mark("Themes"),
    ItemKind.PARTY: mark("Parties"),
    ItemKind.MILESTONE: mark("Milestones"),
    ItemKind.FIGURE: mark("Figures of the programme"),
}
ADD = {
    ItemKind.THEME: mark("Add a theme"),
    ItemKind.PARTY: mark("Add a party"),
    ItemKind.MILESTONE: mark("Add a milestone"),
    ItemKind.FIGURE: mark("Add a figure"),
}
PARTIES = {
    "institution": mark("Financial institution"),
    "vendor": mark("Vendor"),
    "university": mark("University or research institute"),
    "industry_body": mark("Industry body"),
    "authority": mark("Authority"),
    "other": mark("Other"),
}
TITLE = mark("Demonstration programme")
LEAD = mark(
    "Create customer-facing generative AI, evaluate and improve it, publish it so that others can introduce"
    " it: themes, parties, milestones, figures, and what each institution measured."
)
AIMS = mark("Aims that the records answer")
RESULTS = mark("Results across institutions")
APART = mark(
    "Figures of one institution say nothing of another: targets and documents differ. A bundle's suites are"
    " comparable only where the very same cases were played here."
)
