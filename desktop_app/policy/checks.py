"""Check a package as a whole: forbidden items, cited bases, and what must fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop_app.domain.catchment import overlapping
from desktop_app.domain.categories import Category
from desktop_app.domain.forbidden import (
    FORBIDDEN,
    Asked,
    Forbidden,
    forbidden_in,
    forbidden_in_notice,
)
from desktop_app.policy.entries import DEFAULT_BASIS, EXAMPLE_BASIS, Addition, Material
from desktop_app.policy.package import Policy
from desktop_app.policy.reading import Faults

NEEDED_WORDING = ("no_fee", "not_an_offer", "missing_is_fine", "bring_back", "hotline")
"""Sentences without which no receipt may be printed."""
_NEVER_CITED = (DEFAULT_BASIS, EXAMPLE_BASIS)


def check_policy(policy: Policy, faults: Faults) -> None:
    """Note everything that single entries cannot know."""
    for place, found, met in _forbidden(policy):
        faults.add(place, found.code, met)
    _check_bases(policy, faults)
    _check_timing(policy, faults)
    for needed in NEEDED_WORDING:
        if needed not in policy.wording:
            faults.add("wording.toml", "policy.missing_key", needed)
    for village, stage in overlapping(policy.catchment):
        faults.add(f"catchment.toml:{village}", "policy.catchment_overlap", stage)
    for code, category in policy.categories.items():
        for stage in category.stages:
            if stage not in policy.stages:
                faults.add(f"categories.toml:{code}", "policy.code_not_listed", stage)


def check_deny_list(deny: Iterable[str], faults: Faults) -> None:
    """Note a deny list that leaves an item out: it may be repeated, never shortened."""
    missing = [item.code for item in FORBIDDEN if item.code not in set(deny)]
    if missing:
        faults.add("policy.toml:deny", "policy.deny_shortened", " ".join(missing))


def _forbidden(policy: Policy) -> Iterator[tuple[str, Forbidden, str]]:
    """Give every place that asks for an item of the deny list."""
    for place, text, where in _asked(policy):
        found = forbidden_in(text, where)
        if found is not None:
            yield place, found, text
    for place, text in _said(policy):
        found = forbidden_in_notice(text, Asked.REGISTRATION)
        if found is not None:
            yield place, found, text


def _asked(policy: Policy) -> Iterator[tuple[str, str, Asked]]:
    """Give what is asked of families: papers, fields, categories."""
    for code, material in policy.materials.items():
        where = Asked.AFTER_START if material.when == "after_start" else Asked.REGISTRATION
        for text in (code, material.label + material.validity):
            yield f"materials.toml:{code}", text, where
    for code, category in policy.categories.items():
        place = f"categories.toml:{code}"
        yield place, f"{category.label}；{category.desk_label}", Asked.REGISTRATION
        for paper in (*category.required.codes(), *category.optional):
            late = policy.materials.get(paper)
            if late is not None and late.when == "after_start":
                yield place, late.label, Asked.REGISTRATION
    yield from _questions_asked(policy)
    for name, help_ in policy.field_help.items():
        for text in (name, help_.label):
            yield f"field_help.toml:{name}", text, Asked.REGISTRATION


def _questions_asked(policy: Policy) -> Iterator[tuple[str, str, Asked]]:
    """Give what the desk asks to find a category."""
    for question in policy.questions:
        for text in (question.text, *(one.label for one in question.answers)):
            yield f"categories.toml:{question.code}", text, Asked.REGISTRATION


def _said(policy: Policy) -> Iterator[tuple[str, str]]:
    """Give what is said to families; declining a needless paper there is welcome."""
    for name, help_ in policy.field_help.items():
        yield f"field_help.toml:{name}", help_.sentence
    for code, reason in policy.reasons.items():
        yield f"reasons.toml:{code}", f"{reason.label}；{reason.remedy}"
    for at, paragraph in enumerate((*policy.notice.paragraphs, policy.notice.declaration), start=1):
        yield f"notice.toml:{at}", paragraph
    for code, wording in policy.wording.items():
        yield f"wording.toml:{code}", wording.text


def _check_bases(policy: Policy, faults: Faults) -> None:
    """Note every entry whose basis names no declared document (self-check items T1-6, T4-3)."""
    numbers = [document.number for document in policy.documents]
    for place, basis in faults.cited:
        if not basis.startswith(_NEVER_CITED) and not any(one in basis for one in numbers):
            faults.add(place, "policy.no_basis", basis)


def _check_timing(policy: Policy, faults: Faults) -> None:
    """Note papers asked before their time and steps outside their season."""
    for code, paper in _papers_asked(policy):
        if _is_late(policy.materials.get(paper)):
            faults.add(f"categories.toml:{code}", "policy.asked_too_early", paper)
    years = (str(policy.season_year), str(policy.season_year + 1))
    for window in policy.windows:
        if not window.opens.startswith(years) or not window.closes.startswith(years):
            faults.add(f"calendar.toml:{window.code}", "policy.other_season", window.opens)
    if not policy.repair_until.startswith(years):
        faults.add("policy.toml:correction", "policy.other_season", policy.repair_until)
    for window in policy.windows:
        if window.code.startswith("onsite") and policy.repair_until < window.closes[:10]:
            faults.add(f"calendar.toml:{window.code}", "policy.repair_before_end")


def _papers_asked(policy: Policy) -> Iterator[tuple[str, str]]:
    """Give every paper that categories.toml asks for, with the entry that asks."""
    asking: list[tuple[str, Category | Addition]] = [
        *policy.categories.items(),
        *((one.when, one) for one in policy.additions),
    ]
    for code, one in asking:
        yield from ((code, paper) for paper in (*one.required.codes(), *one.optional))


def _is_late(material: Material | None) -> bool:
    return material is not None and material.when == "after_start"
