"""``codes``: the coded values that options take, with the words they stand for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from types import MappingProxyType

from desktop_app.commands.answer import Answer
from desktop_app.commands.groups import Groups
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import RuleError
from desktop_app.policy.package import Policy
from desktop_app.services.form import FORM_FIELDS
from desktop_app.services.passing import Why
from desktop_app.services.policies import shipped_policy

Labels = Mapping[str, str]

PASSING = MappingProxyType(
    {
        "conflict": "有两种说法，或号码有争议",
        "missing": "还缺材料",
        "expired": "材料过期",
        "returned": "退回登记台还没改",
        "amended": "退回后改过，要看改动",
        "finding": "和证件或规则不一致",
        "own_work": "是自己登记的",
        "own_change": "自己改过",
        "assigned": "别人在办",
        "second_keying": "纸质表还没复录",
        "list_fault": "登记台说名册有误",
    }
)
"""Why a case is not passed with the others: `services.passing.Why.code`."""

LISTS: Mapping[str, Callable[[Policy], Labels]] = {
    "reasons": lambda policy: {one.code: one.label for one in policy.reasons.values()},
    "materials": lambda policy: {code: one.label for code, one in policy.materials.items()},
    "status": lambda _policy: {
        one.value: one.label for one in CODE_LISTS["district_status"].entries
    },
    "erasure": lambda _policy: {
        one.value: one.label for one in CODE_LISTS["erasure_reason"].entries
    },
    "consent": lambda _policy: {
        one.value: one.label for one in CODE_LISTS["consent_scope"].entries
    },
    "passing": lambda _policy: dict(PASSING),
    "categories": lambda policy: {code: one.label for code, one in policy.categories.items()},
    "schools": lambda policy: {code: one.label for code, one in policy.schools.items()},
    "fields": lambda policy: {
        name: policy.field_help[name].label for name in FORM_FIELDS if name in policy.field_help
    },
}


def add_to(groups: Groups) -> None:
    """Add ``codes``."""
    codes = groups.plain("codes", list_codes, "列出代码和意思 / list codes and what they mean")
    codes.add_argument(
        "lists",
        nargs="*",
        help=f"哪几种，默认全部 / which, else all: {' '.join(LISTS)}",
    )


def list_codes(options: argparse.Namespace) -> Answer:
    """List codes and labels; they are the policy package's own, in its language."""
    wanted = options.lists or list(LISTS)
    if not LISTS.keys() >= set(wanted):
        raise RuleError("command.usage", command="codes", option="lists")
    policy = shipped_policy()
    return Answer({name: LISTS[name](policy) for name in wanted})


def passing_words(policy: Policy, why: Why) -> str:
    """Say why a case is not passed with the others, and what of it that is about."""
    named = [policy.field_help[one].label if one in policy.field_help else one for one in why.told]
    return "：".join(filter(None, (PASSING[why.code], "、".join(filter(None, named)))))


def need_code(policy: Policy, listed: str, code: str, option: str) -> None:
    """Refuse a code that is on no list, and say which list to look at.

    Raises:
        RuleError: ``command.code``.
    """
    if code not in LISTS[listed](policy):
        raise RuleError("command.code", option=option, list=listed)
