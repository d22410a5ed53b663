"""What a made-up family is: one child and who brings it."""

from __future__ import annotations

from dataclasses import dataclass

TWIN, NO_NUMBER, OVER_AGE, UNDER_AGE = "twin", "no_number", "over_age", "under_age"
GRANDPARENT, RARE, LONG_NAME, ABROAD = "grandparent", "rare_character", "long_name", "abroad"
SAME_NUMBER, SAME_CHILD, NEAR_NUMBER = "look_alike_D1", "look_alike_D3", "look_alike_D7"
LOOK_ALIKES = (SAME_NUMBER, SAME_CHILD, NEAR_NUMBER)
"""A second registration of a child, named by the duplicate rule that must find it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One child and who brings it, in the words of the registration form."""

    full_name: str
    sex: str
    birth_date: str
    ethnic_code: str
    id_type: str
    id_number: str
    birth_certificate: str
    identity_reason: str
    hukou_village: str
    """A village code of the policy, or the name of a place elsewhere; empty without a hukou."""
    hukou_address: str
    hukou_nature: str
    current_village: str
    current_address: str
    category: str
    boarding_code: str
    guardian_name: str
    guardian_relation: str
    guardian_id_number: str
    guardian_phone: str
    materials: tuple[str, ...]
    multiple_birth: bool
    sibling_enrolled: bool
    primary_school: str
    national_student_no: str
    note: str
    traits: frozenset[str]

    def form(self) -> dict[str, str]:
        """Give the registration form as somebody types it, papers seen included."""
        typed = [name for name in self.__slots__ if isinstance(getattr(self, name), str)]
        form = {name: getattr(self, name) for name in typed if name != "note"}
        marked = [name for name in self.__slots__ if getattr(self, name) is True]
        marks = dict.fromkeys(marked, "1")
        seen = {f"material.{code}": "accepted" for code in self.materials}
        form |= {"guardian_id_type": "1" if self.guardian_id_number else "", "notice_read": "1"}
        return {name: text for name, text in (form | marks | seen).items() if text}
