"""What the pick lists of the registration form offer, each entry with the ways to type it.

Built once per session on the worker thread, since the pinyin dictionary takes a tenth of a second.
No entry shows a word that would tell a bystander which group a child belongs to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.categories import Category
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.policy.package import Policy
from desktop_app.services.arrivals import Entry
from desktop_app.services.consents import READ, READ_ALOUD
from desktop_app.services.wording import desk_category
from desktop_app.storage.pinyin import readings, spellings
from desktop_app.ui.views import Option
from desktop_app.ui.widgets.matching import plain_query

ELSEWHERE = "外地"
"""The village of a household that is registered outside the district."""
MODIFIER = "modifier"
_MOST_KEYS = 12
_TAILS = (4, 6)
_ID_TYPES = {
    "1": "身份证",
    "Z": "无证件",
    "6": "香港证件",
    "7": "澳门证件",
    "8": "台胞证",
    "9": "境外永居",
    "A": "护照",
    "F": "永居证",
    "H": "港澳台居住证",
}
"""Most used first, so that the two of nearly every family are seen without scrolling."""
_KIN = ("51", "52", "61", "62", "63", "64", "57", "58", "59", "71", "75", "97", "98", "99")
"""Who comes for a child, the most frequent first; the other relations follow."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The entries of every pick list and segmented choice of the form."""

    id_types: tuple[Option, ...]
    sexes: tuple[Option, ...]
    ethnic: tuple[Option, ...]
    villages: tuple[Option, ...]
    natures: tuple[Option, ...]
    categories: tuple[Option, ...]
    boarding: tuple[Option, ...]
    relations: tuple[Option, ...]
    told: tuple[Option, ...] = ()
    """How the notice was told: read by the guardian, or read out to them."""
    graduates: tuple[Option, ...] = ()
    """At a junior school whose list of primary graduates is here: the children on it, and why a
    child is not."""


def typed_as(label: str) -> tuple[str, ...]:
    """Give the ways to type a label: pinyin initials of every reading, then full pinyin."""
    signs = [options for options in map(readings, label) if options]
    product = itertools.islice(itertools.product(*signs), _MOST_KEYS)
    initials = ["".join(one[0] for one in reading) for reading in product]
    return tuple(dict.fromkeys((*initials, *spellings(label)[:_MOST_KEYS])))


def choices_of(policy: Policy, stage: str, school: str) -> Choices:
    """Build the choices of a stage for a school; its own villages come first."""
    return Choices(
        id_types=tuple(Option(code, label, typed_as(label)) for code, label in _ID_TYPES.items()),
        sexes=_coded("sex", ("1", "2")),
        ethnic=_coded("ethnic"),
        villages=_villages(policy, stage, school),
        natures=tuple(
            Option(code, label, typed_as(label))
            for code, label in (("1", "农业"), ("2", "非农业"), ("3", "居民"))
        ),
        categories=_categories(policy, stage),
        boarding=_coded("boarding", ("1", "2", "3")),
        relations=_relations(),
        told=(
            Option(READ, "自己看过", typed_as("自己看过")),
            Option(READ_ALOUD, "念给听过", typed_as("念给听过")),
        ),
    )


def _relations() -> tuple[Option, ...]:
    """Offer those who come for a child first; the in-laws of a grown person stand last."""
    offered = {one.code: one for one in _coded("guardian_relation")}
    return tuple(offered[code] for code in dict.fromkeys((*_KIN, *offered)))


def _coded(name: str, wanted: tuple[str, ...] = ()) -> tuple[Option, ...]:
    """Offer a code list, or some of its values, in official order."""
    return tuple(
        Option(
            code.value,
            code.label,
            tuple(
                dict.fromkeys(
                    (
                        *(key for word in (code.label, *code.aliases) for key in typed_as(word)),
                        *map(plain_query, code.aliases),
                    )
                )
            ),
        )
        for code in CODE_LISTS[name].entries
        if not wanted or code.value in wanted
    )


def _villages(policy: Policy, stage: str, school: str) -> tuple[Option, ...]:
    """Offer the villages of the district, those of the school first."""
    own = {
        rule.village for rule in policy.catchment if (rule.school, rule.stage) == (school, stage)
    }
    ordered = sorted(policy.villages.values(), key=lambda one: one.code not in own)
    listed = [
        Option(one.code, one.label, typed_as(one.label), "本校片区" if one.code in own else "")
        for one in ordered
    ]
    return (*listed, Option(ELSEWHERE, "外地", typed_as("外地"), "门牌格里写到县、乡、村"))


def _categories(policy: Policy, stage: str) -> tuple[Option, ...]:
    """Offer the categories of a stage by code; wordings are those fit for a public desk."""
    return tuple(
        Option(
            one.code,
            f"{one.code}  {desk_category(one)}",
            _called(one),
            f"材料 {len(one.required.parts)} 项",
        )
        for one in policy.categories_of(stage)
        if one.kind != MODIFIER
    )


def _called(category: Category) -> tuple[str, ...]:
    """Give the ways to type a category: its name, and what people call it."""
    names = (category.label.partition("（")[0], *category.aliases)
    typed = [key for name in names for key in typed_as(name)]
    return tuple(dict.fromkeys((*typed, *map(plain_query, (category.label, *category.aliases)))))


def graduate_options(entries: Iterable[Entry]) -> tuple[Option, ...]:
    """Offer the children of the list, those who have not come first, then why one is not on it."""
    listed = sorted(entries, key=lambda one: one.come)
    if not listed:
        return ()
    reasons = (
        Option(one.value, f"不在名单：{one.label}", ("bz", *typed_as(one.label)))
        for one in CODE_LISTS["off_list"].entries
    )
    return (*map(_option, listed), *reasons)


def _option(entry: Entry) -> Option:
    tails = [
        tail[-long:].lower() for tail in (entry.id_tail, entry.roll_tail) for long in _TAILS if tail
    ]
    where = f"{entry.school} {entry.class_name}".strip()
    note = f"已登记 · {where}" if entry.come else where
    return Option(entry.record, entry.name, (*typed_as(entry.name), *tails), note)
