"""The page 政策包 as it stands in front of people, for looking at and for measuring."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.domain.errors import RuleError
from desktop_app.policy.comparing import ADDED, CHANGED, REMOVED, Difference
from desktop_app.policy.reading import Fault
from desktop_app.services.policies import shipped_policy
from desktop_app.services.policy_desk import Examined, PackageLine, Unfit
from desktop_app.ui.pages.policies import Mode, PolicyPage, Shelf
from tests.ui.registering import NeverAnswering
from tests.ui.standing import AT, Nothing

TITLE = "湛河区2024年义务教育阳光招生政策包"
FAULTS = (
    Fault("materials.toml:PRE", "FB01", "学前教育经历证明"),
    *(Fault(f"schools.toml:21410411{n:02}", "policy.missing_key", "address") for n in range(40)),
)
UNFIT = RuleError(
    "policy.refused",
    rule="FB01",
    place="materials.toml:PRE",
    count=len(FAULTS),
    faults="\n".join(map(str, FAULTS[:20])),
)
LINES = (
    PackageLine("d", 4, TITLE, "4" * 64, AT, "王芳", withdrawn=False, in_force=False, error=UNFIT),
    PackageLine("c", 3, TITLE, "3" * 64, AT, "王芳", withdrawn=True, in_force=False),
    PackageLine("b", 2, TITLE, "2" * 64, AT, "王芳", withdrawn=False, in_force=True),
    PackageLine("", 1, TITLE, "1" * 64, 0, "", withdrawn=False, in_force=False),
)
CHANGES = (
    Difference("policy.toml", "number", "", CHANGED),
    Difference("materials.toml", "RENT", "租房合同", REMOVED),
    Difference("schools.toml", "2141041199", "新建小学", ADDED),
    *(Difference("catchment.toml", f"rule {n}", "", CHANGED) for n in range(60)),
)


def policies() -> PolicyPage:
    """Give packages of every standing; the one that cannot be used is chosen."""
    page = PolicyPage(Nothing(), NeverAnswering(), find=tuple)  # type: ignore[arg-type]
    policy = shipped_policy()
    page._show(Shelf(LINES, policy, policy))
    return page


def reading() -> PolicyPage:
    """Give one package read, as after Enter; it has faults beyond the height of the page."""
    page = policies()
    page._go(Mode.READ)
    return page


def asking() -> PolicyPage:
    """Give what a package of another season changes, as after F10."""
    page = policies()
    policy = replace(shipped_policy(), number="5", season_year=2025)
    page._examined_now(Examined({}, policy, CHANGES))
    return page


def faults() -> PolicyPage:
    """Give what is wrong with a package, as after F10."""
    page = policies()
    page._examined_now(Unfit("zhanhe-5", FAULTS))
    return page


def turning() -> PolicyPage:
    """Give the question before a package is taken back, as after T."""
    page = policies()
    page._ask_turn(LINES[2], shipped_policy())
    return page
