"""Labels of codes as the policy and the code lists have them, fit for a public desk.

No label names a special group: who stands beside the screen must not learn it (visual rules).
"""

from __future__ import annotations

import re

from desktop_app.documents.receipt import NEUTRAL_CATEGORY, NEUTRAL_MATERIAL, public_wording
from desktop_app.domain.categories import Category
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.codes_desk import LIST_FAULT
from desktop_app.domain.district_answers import ASKED
from desktop_app.domain.list_faults import read_faults
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.sent_back import OTHER
from desktop_app.storage.rows import Row

_EXPLANATION = re.compile("（[^（）]*）$")


def code_label(code_list: str, value: str) -> str:
    """Give the label of an official value; what the list does not know stays as it is."""
    return CODE_LISTS[code_list].label_of(value) if value in CODE_LISTS[code_list] else value


def paper_label(policy: Policy, code: str) -> str:
    """Name a paper without the explanation in brackets at its end."""
    return paper_words(policy, code)[0]


def paper_words(policy: Policy, code: str) -> tuple[str, str]:
    """Give the name of a paper, and the explanation in brackets at its end or nothing."""
    known = policy.materials.get(code)
    if known is None:
        return code, ""
    label = public_wording(known.label, NEUTRAL_MATERIAL)
    name = _EXPLANATION.sub("", label)
    return name, label[len(name) :].strip("（）")


def category_label(policy: Policy, code: str) -> str:
    """Name a category."""
    known = policy.categories.get(code)
    return public_wording(known.label, NEUTRAL_CATEGORY) if known is not None else ""


def desk_category(category: Category) -> str:
    """Name a category for whoever registers: told from the others, and naming no special group."""
    return public_wording(category.desk_label or category.label, NEUTRAL_CATEGORY)


def village_label(policy: Policy, code: str) -> str:
    """Name a village; one of another district stands as it was typed."""
    known = policy.villages.get(code)
    return known.label if known is not None else code


def reason_label(policy: Policy, code: str) -> str:
    """Name a coded reason."""
    known = policy.reasons.get(code)
    return known.label if known is not None else code


def reason_words(policy: Policy, code: str, note: str) -> str:
    """Say why: the words that were written, where the coded reason alone says nothing."""
    return note if note and code == OTHER else reason_label(policy, code)


def faults_label(text: str) -> str:
    """Say which fields of the list of graduates are said to be wrong, each with its reason."""
    fields = RECORD_TYPES["applicant"].fields
    return "、".join(
        f"{fields[name].item.label}（{LIST_FAULT.label_of(why)}）"
        for name, why in read_faults(text).items()
    )


def question_of(policy: Policy, applicant: Row) -> str:
    """Say in full what the district asks of a child, or why there is no place; else nothing."""
    status = applicant.text("district_status")
    if status not in ASKED:
        return ""
    reason = reason_label(policy, applicant.text("district_reason"))
    words = (code_label("district_status", status), reason, applicant.text("district_note"))
    return "：".join(filter(None, words))


def desk_of(receipt_number: str) -> str:
    """Give the mark of the desk that a receipt number holds."""
    parts = receipt_number.split("-")
    return parts[1] if len(parts) > 1 else ""
