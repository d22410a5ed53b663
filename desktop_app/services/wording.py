"""Labels of codes as the policy and the code lists have them, fit for a public desk.

No label names a special group: who stands beside the screen must not learn it (visual rules).
"""

from __future__ import annotations

import re

from desktop_app.documents.receipt import NEUTRAL_CATEGORY, NEUTRAL_MATERIAL, public_wording
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.policy.package import Policy

_EXPLANATION = re.compile("（[^（）]*）$")


def code_label(code_list: str, value: str) -> str:
    """Give the label of an official value; what the list does not know stays as it is."""
    return CODE_LISTS[code_list].label_of(value) if value in CODE_LISTS[code_list] else value


def paper_label(policy: Policy, code: str) -> str:
    """Name a paper without the explanation in brackets at its end."""
    known = policy.materials.get(code)
    if known is None:
        return code
    return public_wording(_EXPLANATION.sub("", known.label), NEUTRAL_MATERIAL)


def category_label(policy: Policy, code: str) -> str:
    """Name a category."""
    known = policy.categories.get(code)
    return public_wording(known.label, NEUTRAL_CATEGORY) if known is not None else ""


def village_label(policy: Policy, code: str) -> str:
    """Name a village; one of another district stands as it was typed."""
    known = policy.villages.get(code)
    return known.label if known is not None else code


def reason_label(policy: Policy, code: str) -> str:
    """Name a coded reason."""
    known = policy.reasons.get(code)
    return known.label if known is not None else code


def desk_of(receipt_number: str) -> str:
    """Give the mark of the desk that a receipt number holds."""
    parts = receipt_number.split("-")
    return parts[1] if len(parts) > 1 else ""
