"""What a desk asks to find a category, and what a special case adds to its papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from desktop_app.policy.load import find_faults
from desktop_app.policy.package import Policy

FILE = "categories.toml"


def ends(policy: Policy, code: str) -> Iterator[str]:
    """Give every category that a question comes to."""
    question = next(one for one in policy.questions if one.code == code)
    for answer in question.answers:
        yield from ends(policy, answer.next) if answer.next else (answer.category,)


def test_the_questions_come_to_every_plain_category_and_to_no_group_of_care(policy: Policy) -> None:
    found = {*ends(policy, policy.questions[0].code)}
    plain = {code for code, one in policy.categories.items() if one.kind == "ordinary"}
    assert found == plain | {"D3"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('category = "B3"', 'category = "Q9"', "policy.code_not_listed"),
        ('next = "permit"', 'next = "nowhere"', "policy.code_not_listed"),
        ('next = "permit"', 'next = "register"', "policy.question_circle"),
        ('next = "permit"', 'category = "B1"', "policy.question_unasked"),
        ('next = "permit"', 'next = "permit", category = "B1"', "policy.missing_key"),
        ('code = "away"', 'code = "home"', "policy.twice"),
        ('label = "居住证"', 'label = "计划生育证明"', "FB"),
        ('when = "deferred"', 'when = "transfer"', "policy.twice"),
        ('when = "deferred"', 'when = "later"', "policy.code_not_listed"),
        ('require = ["ROLL"]', 'require = ["VACC"]', "policy.asked_too_early"),
        ('require = ["ROLL"]', 'require = ["NOWHERE"]', "policy.unknown_material"),
    ],
)
def test_a_question_or_addition_amiss_is_named(
    files: Mapping[str, bytes], old: str, new: str, rule: str
) -> None:
    text = files[FILE].decode()
    assert text.count(old) >= 1
    changed = {**files, FILE: text.replace(old, new, 1).encode()}
    found = find_faults(changed)
    assert [one for one in found if one.rule.startswith(rule) and one.place.startswith(FILE)]


def test_a_package_without_questions_is_as_good(files: Mapping[str, bytes]) -> None:
    text = files[FILE].decode()
    changed = {**files, FILE: text[: text.index("# 问一问")].encode()}
    assert find_faults(changed) == ()


def test_what_a_special_case_adds_stands_in_the_package(policy: Policy) -> None:
    plain = policy.checklist("A1")
    assert plain is not None
    assert [*plain.required.codes()] == ["HKB", "GID"]
    both = policy.checklist("A1", "transfer", "61")
    assert both is not None
    assert [*both.required.codes()] == ["HKB", "GID", "ROLL", "AUTH"]
    late = policy.checklist("A1", "deferred")
    assert late is not None
    assert (late.required, late.optional) == (plain.required, ("DELAY",))
    assert policy.checklist("Q9", "transfer") is None
