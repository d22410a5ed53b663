"""A registered case in the form 改登记: what is stored, and which of it a hand has changed.

Plain values; no widget. What a hand has not touched stays as it is stored, even where a control of
the form cannot show it; so a case that is only looked at is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from desktop_app.services.amendment import AMENDS, Stored
from desktop_app.services.form import (
    CASE_MARKS,
    CONSENTED,
    DEFAULT_ID_TYPE,
    FORM_FIELDS,
    MATERIAL_PREFIX,
    NO_NUMBER,
    YES,
)

RESIDENT_TYPES = frozenset({DEFAULT_ID_TYPE, "H"})
_WAS, _ABOUT = "was.", "about."
_DERIVED = ("sex", "birth_date")


@dataclass(frozen=True, slots=True)
class Opened:
    """A registered case that is being amended.

    ``form`` is what is stored, ``shown`` what the controls of the form made of it; ``asked`` says
    in words why the case was sent back, and ``pin`` where; ``question`` what the district asks.
    """

    record: str
    name: str
    receipt: str
    form: Mapping[str, str]
    asked: str = ""
    pin: str = ""
    question: str = ""
    passed: bool = False
    """Whether the school has passed it: saving asks for reason, proof and a second person."""
    shown: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Open what is stored; equal addresses are one tick."""
        return cls(
            record=stored.record,
            name=stored.name,
            receipt=stored.receipt,
            form=with_same_address(stored.form),
            asked="：".join(filter(None, (stored.reason, stored.note))),
            pin=stored.field,
            question=stored.question,
            passed=stored.passed,
        )

    # --- as a draft -------------------------------------------------------------------------

    def draft_fields(self) -> dict[str, str]:
        """Give what a draft keeps of it beside the fields of now."""
        kept = {_WAS + name: text for name, text in self.form.items()}
        about = {"name": self.name, "receipt": self.receipt, "asked": self.asked}
        about |= {"pin": self.pin, "question": self.question}
        about |= {"passed": YES if self.passed else ""}
        kept |= {_ABOUT + name: text for name, text in about.items() if text}
        return {AMENDS: self.record, **kept}

    @classmethod
    def of_draft(cls, fields: Mapping[str, str]) -> Self | None:
        """Take it up from a draft; None where the draft is of a child not registered yet."""
        if AMENDS not in fields:
            return None
        return cls(
            record=fields[AMENDS],
            name=fields.get(_ABOUT + "name", ""),
            receipt=fields.get(_ABOUT + "receipt", ""),
            form={
                name.removeprefix(_WAS): text
                for name, text in fields.items()
                if name.startswith(_WAS)
            },
            asked=fields.get(_ABOUT + "asked", ""),
            pin=fields.get(_ABOUT + "pin", ""),
            question=fields.get(_ABOUT + "question", ""),
            passed=fields.get(_ABOUT + "passed", "") == YES,
        )

    # --- against the form of now ------------------------------------------------------------

    def seen_as(self, shown: Mapping[str, str]) -> Self:
        """Remember what the controls show of what is stored."""
        return replace(self, shown=dict(shown))

    def fields(self, entered: Mapping[str, str]) -> dict[str, str]:
        """Give the fields as they would be saved: what is stored, and over it what was changed."""
        made = {name: text for name, text in self.form.items() if name in FORM_FIELDS}
        for name in FORM_FIELDS:
            text = entered.get(name, "")
            if text != self.shown.get(name, ""):
                made[name] = text
        hidden = hidden_fields(made) - {"birth_certificate"}
        return {name: text for name, text in made.items() if text and name not in hidden}

    def start_with(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Give what the controls begin with when a draft is taken up."""
        return {name: self.form[name] for name in _DERIVED if name in self.form} | dict(fields)

    def has_paper(self, code: str) -> bool:
        """Tell whether something is stored of a paper."""
        return MATERIAL_PREFIX + code in self.form

    def changed(self, form: Mapping[str, str]) -> tuple[str, ...]:
        """Name the fields and papers that differ from what is stored."""
        marks = {name: self.form[name] for name in (*CASE_MARKS, CONSENTED) if name in self.form}
        before = {**self.fields(self.shown), **papers_of(self.form), **marks}
        papers = (*papers_of(form), *papers_of(before))
        names = dict.fromkeys((*FORM_FIELDS, *CASE_MARKS, CONSENTED, *papers))
        return tuple(one for one in names if form.get(one, "") != before.get(one, ""))


def papers_of(form: Mapping[str, str]) -> dict[str, str]:
    """Give what a form says of papers."""
    return {name: text for name, text in form.items() if name.startswith(MATERIAL_PREFIX)}


def hidden_fields(values: Mapping[str, str]) -> set[str]:
    """Name the fields a form does not ask for, given its kind of document and its addresses."""
    resident = values.get("id_type", DEFAULT_ID_TYPE) in RESIDENT_TYPES
    hidden = set(_DERIVED) if resident else set()
    hidden.add("id_number" if values.get("id_type") == NO_NUMBER else "birth_certificate")
    if values.get("same_address") == YES:
        hidden |= {"current_village", "current_address"}
    return hidden


def with_same_address(form: Mapping[str, str]) -> dict[str, str]:
    """Give the fields of a form that was stored; equal addresses are one tick again."""
    fields = dict(form)
    home = (fields.get("hukou_village"), fields.get("hukou_address"))
    if home[0] and home == (fields.get("current_village"), fields.get("current_address")):
        fields["same_address"] = YES
    return fields
