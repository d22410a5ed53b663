"""Made-up names as they are met in Henan villages, seeded; no real person is meant.

Weights follow what is common, not a census. The list is there for what goes wrong with names:
surnames of several readings, compound surnames, single given names, long names with a dot,
characters outside the sixteen-bit plane.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

HAN, HUI, MANCHU, MONGOL, UYGHUR, TIBETAN, YI = "01", "03", "11", "02", "05", "04", "07"

_SURNAMES = {
    **dict.fromkeys("王李张", 70),
    **dict.fromkeys("刘陈杨赵", 40),
    **dict.fromkeys("马郭孙徐朱胡高吴周", 18),
    **dict.fromkeys("宋韩冯董程郑袁许曹贾孟魏邓梁", 9),
    **dict.fromkeys("范崔常路樊靳娄邢牛武侯石史毛鲁姬", 4),
    # Surnames read otherwise than the character usually is, and compound ones.
    **dict.fromkeys("单仇曾区查解任华盖缪燕朴尉", 3),
    **dict.fromkeys(("欧阳", "上官", "司马", "诸葛", "皇甫"), 2),
}
_HUI_SURNAMES = "马白丁海哈沙买铁"
_BOYS = (
    *("浩宇", "子轩", "宇航", "梓豪", "浩然", "俊熙", "一鸣", "家豪", "明轩", "博文", "子墨"),
    *("奕辰", "沐宸", "宇泽", "昊天", "梓睿", "嘉懿", "煜城", "懿轩", "铭泽", "振国", "重阳"),
)
_GIRLS = (
    *("梓涵", "一诺", "雨桐", "欣怡", "诗涵", "梓萱", "可馨", "语嫣", "思彤", "雨泽", "紫涵"),
    *("佳琪", "若汐", "依诺", "芷若", "奕可", "乐瑶", "沐瑶", "晨曦", "雅楠", "小满", "朵朵"),
)
_SINGLE = "翔婷轩悦涵宇佳乐阳琪"
_RARE = ("𫘬", "㼆", "䶮", "𬭎", "𣲗", "𡒄", "翀", "喆", "犇", "祎", "昶", "玥", "赟", "煊")
"""Characters that old fonts lack; several lie outside the basic plane."""
_FATHERS = ("伟", "强", "磊", "军伟", "志远", "鹏飞", "红涛", "占军", "国胜", "俊杰", "亚辉", "帅")
_MOTHERS = ("静", "丽娟", "婷婷", "晓燕", "亚楠", "红霞", "玲玲", "艳丽", "素平", "慧敏", "会娟")
_GRANDFATHERS = ("建国", "国强", "德福", "金生", "长河", "新民", "全喜", "铁柱", "根旺")
_GRANDMOTHERS = ("秀英", "桂兰", "玉珍", "改花", "凤莲", "大妮", "爱枝", "麦香")
_LONG = {
    UYGHUR: (
        ("阿卜杜热西提·麦麦提敏", "艾力亚尔·吐尔逊江", "穆罕默德艾力·阿布都热依木"),
        ("古丽努尔·阿布都热依木", "阿依古丽·买买提", "祖丽胡玛尔·图尔荪托合提"),
    ),
    TIBETAN: (("扎西次仁", "旦增平措"), ("卓玛央金", "白玛拉姆")),
    YI: (("吉克·拉铁",), ("阿西·阿牛嫫",)),
    MONGOL: (("阿古拉", "孟和巴特尔"), ("阿拉坦其其格", "其木格")),
}
_ETHNIC = {HAN: 955, HUI: 22, MANCHU: 5, MONGOL: 4, UYGHUR: 5, TIBETAN: 5, YI: 4}


@dataclass(frozen=True, slots=True)
class ChildName:
    """A child's name, the surname in it (empty for names without one) and the ethnic code."""

    full: str
    surname: str
    ethnic: str


class Names:
    """Draws names from one seeded source."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from a source of chance that the caller seeded."""
        self._chance = chance

    def child(self, sex: str) -> ChildName:
        """Draw a child's name for sex 1 or 2."""
        (ethnic,) = self._chance.choices(list(_ETHNIC), list(_ETHNIC.values()))
        if ethnic in _LONG:
            return ChildName(self._chance.choice(_LONG[ethnic][sex == "2"]), "", ethnic)
        surname = self._chance.choice(_HUI_SURNAMES) if ethnic == HUI else self.surname()
        return ChildName(surname + self._given(sex), surname, ethnic)

    def twin_of(self, first: ChildName, sex: str) -> ChildName:
        """Draw a twin's name: the same surname, another given name."""
        full = first.full
        while full == first.full:
            full = first.surname + self._given(sex) if first.surname else self._same_people(first)
        return ChildName(full, first.surname, first.ethnic)

    def rare(self) -> ChildName:
        """Draw a name with a character that old fonts lack."""
        surname = self.surname()
        signs = [self._chance.choice(_RARE), self._chance.choice("雨子文一明")]
        self._chance.shuffle(signs)
        given = "".join(signs[: self._chance.choice((1, 2))])
        if not set(given) & set(_RARE):
            given = self._chance.choice(_RARE) + given
        return ChildName(surname + given, surname, HAN)

    def surname(self) -> str:
        """Draw a surname by weight."""
        return self._chance.choices(list(_SURNAMES), list(_SURNAMES.values()))[0]

    def parent(self, sex: str, surname: str) -> str:
        """Draw a parent's name."""
        return surname + self._chance.choice(_MOTHERS if sex == "2" else _FATHERS)

    def grandparent(self, sex: str, surname: str) -> str:
        """Draw a grandparent's name."""
        return surname + self._chance.choice(_GRANDMOTHERS if sex == "2" else _GRANDFATHERS)

    def _given(self, sex: str) -> str:
        if self._chance.random() < 0.08:
            return self._chance.choice(_SINGLE)
        return self._chance.choice(_GIRLS if sex == "2" else _BOYS)

    def _same_people(self, first: ChildName) -> str:
        return self._chance.choice([name for both in _LONG[first.ethnic] for name in both])
