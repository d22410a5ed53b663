"""Explanations of a close of day 说明: one for each item that has its own, one for all the others.

They stand in the record's one text, a line for each item, so that a program that knows nothing of
this shows them as they are: ``ZHW-2-0824-0128-09 家长明早送证``, and last the one for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.errors import RuleError
from desktop_app.domain.receipt_number import is_receipt

LONGEST = 2000
DRAFT = "草稿"


@dataclass(frozen=True, slots=True)
class Explanations:
    """Why items are open: by receipt number or draft, and for whatever has none of its own."""

    own: Mapping[str, str]
    others: str

    def of(self, item: str) -> str:
        """Give the explanation of an item, empty where there is none."""
        return self.own.get(item, self.others)


def draft_name(number: int) -> str:
    """Name a draft, which has no number and whose child is nobody's business yet."""
    return f"{DRAFT}{number}"


def write_explanations(own: Mapping[str, str], others: str) -> str:
    """Put explanations into one text.

    Raises:
        RuleError: ``day.explanations_long``.
    """
    said = {item: " ".join(text.split()) for item, text in own.items()}
    lines = [f"{item} {text}" for item, text in said.items() if text]
    text = "\n".join(filter(None, [*lines, " ".join(others.split())]))
    if len(text) > LONGEST:
        raise RuleError("day.explanations_long", most=LONGEST)
    return text


def read_explanations(text: str) -> Explanations:
    """Read them again; what names no item is meant for all the others."""
    own, others = {}, []
    for line in text.split("\n"):
        item, _, why = line.partition(" ")
        if why and (is_receipt(item) or _is_draft(item)):
            own[item] = why
        else:
            others.append(line)
    return Explanations(own, " ".join(others))


def _is_draft(item: str) -> bool:
    return item.startswith(DRAFT) and item.removeprefix(DRAFT).isdecimal()
