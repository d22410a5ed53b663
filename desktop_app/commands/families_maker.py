"""Draw households of one season and stage from a policy's categories and places."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop_app.commands.families_names import ChildName, Names
from desktop_app.commands.families_papers import Papers, brought, with_check_digit
from desktop_app.commands.families_values import (
    ABROAD,
    GRANDPARENT,
    LONG_NAME,
    NO_NUMBER,
    OVER_AGE,
    RARE,
    SAME_CHILD,
    SAME_NUMBER,
    TWIN,
    UNDER_AGE,
    Family,
)
from desktop_app.domain.categories import Category
from desktop_app.policy.entries import Village
from desktop_app.policy.package import Policy

_WEIGHTS = {"A1": 460, "A2": 110, "A3": 40, "A4": 50, "B1": 90, "B2": 30, "B3": 20, "B4": 30}
_OTHER_WEIGHT = 8
_ELSEWHERE = ("外县柳沟村", "外县王店村", "外省沙坡村", "外市梨园村", "外县小寨村")
_HUKOU_ELSEWHERE = frozenset({"B1", "B2", "B3"})
_RURAL = frozenset({"A1", "B4", "D1", "D2", "F1", "F2", "C2"})
_NEAR = 0.85
"""The share of families who live in the catchment of the school they come to."""
_SEASON_DAYS = 364


class Maker:
    """Makes households of one season and stage."""

    def __init__(self, chance: random.Random, policy: Policy, stage: str, school: str = "") -> None:
        """Draw from a source of chance that the caller seeded; most live near a school, if any."""
        self.chance = chance
        self._policy = policy
        self._stage = stage
        self._names = Names(chance)
        self._papers = Papers(chance)
        villages = tuple(policy.villages.values())
        self._rural = tuple(one for one in villages if one.groups) or villages
        self._urban = tuple(one for one in villages if not one.groups) or villages
        zone = {
            rule.village
            for rule in policy.catchment
            if (rule.school, rule.stage) == (school, stage) and rule.is_whole
        }
        self._near = tuple(one for one in villages if one.code in zone)

    def categories(self) -> Iterator[Category]:
        """Give every category once, then categories by weight without end."""
        known = self._policy.categories_of(self._stage)
        yield from known
        weights = [_WEIGHTS.get(one.code, _OTHER_WEIGHT) for one in known]
        while True:
            yield from self.chance.choices(known, weights)

    def household(self, category: Category, room: int) -> tuple[Family, ...]:
        """Make one child of a category, or twins where there is room for two."""
        share = {"F2": 1.0, "A1": 0.015}.get(category.code, 0.0)
        is_twin = self.chance.random() < share and room > 1
        sex = self.chance.choice("12")
        name = self._name(sex)
        birth, age_trait = self._birth(may_be_young=category.code == "A1" and not is_twin)
        first = self._family(category, name, sex, birth)
        traits = first.traits | {age_trait} - {""}
        if not is_twin:
            return (replace(first, traits=traits),)
        first = replace(first, traits=traits | {TWIN}, multiple_birth=True)
        return first, self._twin(first, name, birth)

    def look_alike(self, family: Family, trait: str) -> Family:
        """Make a second registration of a child, by somebody else or with a slip."""
        sibling = replace(
            family,
            traits=(family.traits & {RARE, LONG_NAME}) | {trait},
            guardian_phone=self._papers.phone(),
            birth_certificate="",
        )
        if trait == SAME_NUMBER:
            return replace(sibling, guardian_name=f"{family.guardian_name[:1]}玉梅")
        if trait == SAME_CHILD:
            reason = "证件在外地家长处"
            return replace(
                sibling,
                id_type="Z",
                id_number="",
                national_student_no="",
                identity_reason=reason,
            )
        digits = family.id_number[:17]
        slip = str((int(digits[15]) + 1) % 10)
        near = with_check_digit(digits[:15] + slip + digits[16:])
        roll = f"G{near}" if family.national_student_no else ""
        return replace(sibling, id_number=near, national_student_no=roll)

    def _twin(self, first: Family, name: ChildName, birth: dt.date) -> Family:
        sex = self.chance.choice("12")
        other = self._names.twin_of(name, sex)
        number = self._papers.resident(birth, sex) if first.id_type == "1" else ""
        return replace(
            first,
            full_name=other.full,
            sex=sex,
            id_number=number,
            national_student_no=f"G{number}" if first.national_student_no else "",
            birth_certificate=first.birth_certificate and self._papers.birth_certificate(birth),
        )

    def _name(self, sex: str) -> ChildName:
        return self._names.rare() if self.chance.random() < 0.02 else self._names.child(sex)

    def _birth(self, *, may_be_young: bool) -> tuple[dt.date, str]:
        """Draw a birth date of the season's year of age, rarely outside it."""
        latest = self._policy.age.latest_birth(self._policy.season_year)
        if self._stage == "J1":
            latest = latest.replace(year=latest.year - 6)
        back = dt.timedelta(days=self.chance.randrange(_SEASON_DAYS))
        draw = self.chance.random()
        if draw < 0.03:
            return latest - dt.timedelta(days=366) - back, OVER_AGE
        if draw < 0.042 and may_be_young and self._stage == "P1":
            return latest + dt.timedelta(days=1 + back.days // 8), UNDER_AGE
        return latest - back, ""

    def _family(self, category: Category, name: ChildName, sex: str, birth: dt.date) -> Family:
        id_type, number, certificate = self._document(category.code, birth, sex)
        home, lives = self._home(category)
        relation, guardian, guardian_birth = self._guardian(name.surname)
        junior = self._stage == "J1"
        papers = list(brought(category.required, self.chance))
        if self.chance.random() < 0.12:
            papers.pop()
        traits = {
            NO_NUMBER: not number,
            RARE: any(ord(sign) > 0xFFFF or sign in "㼆䶮" for sign in name.full),
            LONG_NAME: "·" in name.full,
            ABROAD: category.code in {"E1", "E2"},
            GRANDPARENT: relation in {"61", "62", "63", "64"},
        }
        return Family(
            full_name=name.full,
            sex=sex,
            birth_date=birth.isoformat(),
            ethnic_code=name.ethnic,
            id_type=id_type,
            id_number=number,
            birth_certificate=certificate,
            identity_reason="户口正在办理" if id_type == "Z" else "",
            hukou_village=home[0],
            hukou_address=home[1],
            hukou_nature=self.chance.choice("13") if home[0] else "",
            current_village=lives[0],
            current_address=lives[1],
            category=category.code,
            boarding_code="2" if self.chance.random() < 0.06 else "1",
            guardian_name=guardian,
            guardian_relation=relation,
            guardian_id_number=self._guardian_number(relation, guardian_birth),
            guardian_phone=self._papers.phone() if self.chance.random() < 0.97 else "",
            materials=tuple(papers),
            multiple_birth=False,
            sibling_enrolled=category.code == "F1" or self.chance.random() < 0.05,
            primary_school=self.chance.choice(self._primary_schools()) if junior else "",
            national_student_no=f"G{number}" if junior and id_type == "1" else "",
            note="奶奶代办" if relation == "62" else "",
            traits=frozenset(trait for trait, holds in traits.items() if holds),
        )

    def _primary_schools(self) -> list[str]:
        return [one.label for one in self._policy.schools.values() if one.stage == "P1"]

    def _document(self, category: str, birth: dt.date, sex: str) -> tuple[str, str, str]:
        """Draw document type, number and birth certificate number."""
        certificate = self._papers.birth_certificate(birth)
        if category == "D3":
            return "Z", "", certificate
        if category == "E1":
            if self.chance.random() < 0.3:
                return "8", self._papers.taiwan_pass(), ""
            return "H", self._papers.permit(birth, sex), ""
        if category == "E2":
            if self.chance.random() < 0.5:
                return "A", self._papers.passport(), ""
            return "F", self._papers.foreign_card(birth, sex), ""
        asked = certificate if self.chance.random() < 0.1 else ""
        return "1", self._papers.resident(birth, sex), asked

    def _home(self, category: Category) -> tuple[tuple[str, str], tuple[str, str]]:
        """Draw where the household is registered and where the child lives."""
        rural = category.code in {"A1", "B4", "D1", "D2", "F1", "F2", "C2"}
        here = self._place(self._village(self._rural if rural else self._urban))
        if category.code in _HUKOU_ELSEWHERE:
            there = f"{self.chance.randrange(1, 12)}组{self.chance.randrange(1, 90)}号"
            return (self.chance.choice(_ELSEWHERE), there), here
        if category.code in {"D3", "E1", "E2"}:
            # The form asks for a place; without a register it is where the child lives.
            return here, here
        if category.code == "A4":
            return self._place(self.chance.choice(self._rural)), here
        return here, here

    def _village(self, others: Sequence[Village]) -> Village:
        """Draw a village near the school for most, and any other for the rest."""
        if self._near and self.chance.random() < _NEAR:
            return self.chance.choice(self._near)
        return self.chance.choice(others)

    def _place(self, village: Village) -> tuple[str, str]:
        """Draw an address in a village or community, written as somebody happens to write it."""
        number = self.chance.randrange(1, 180)
        if village.groups:
            group = self.chance.randrange(1, village.groups + 1)
            chinese = "零一二三四五六七八九"[group] if group < 10 else str(group)
            style = self.chance.choice(("{0}组{2}号", "第{1}村民组{2}号", "{1}组{2}号", "{0}组"))
            return village.code, style.format(group, chinese, number)
        estate = self.chance.choice(village.estates) if village.estates else ""
        floor = self.chance.randrange(1, 7)
        return village.code, f"{estate}{number % 20 + 1}号楼{floor % 4 + 1}单元{floor}0{number % 4}"

    def _guardian(self, surname: str) -> tuple[str, str, dt.date]:
        """Draw relation, name and birth date of who brings the child."""
        (relation,) = self.chance.choices(
            ("51", "52", "61", "62", "63", "64", "97", "98"), (40, 34, 7, 9, 2, 3, 3, 2)
        )
        sex = "2" if relation in {"52", "62", "64"} else "1"
        of_same_name = relation in {"51", "61"} and surname
        family = surname if of_same_name else self._names.surname()
        season = self._policy.season_year
        if relation in {"61", "62", "63", "64"}:
            year = season - self.chance.randrange(52, 72)
            return relation, self._names.grandparent(sex, family), dt.date(year, 3, 9)
        year = season - self.chance.randrange(27, 44)
        return relation, self._names.parent(sex, family), dt.date(year, 7, 21)

    def _guardian_number(self, relation: str, birth: dt.date) -> str:
        if self.chance.random() < 0.04:
            return ""
        day = birth + dt.timedelta(days=self.chance.randrange(150))
        return self._papers.resident(day, "2" if relation in {"52", "62", "64"} else "1")
