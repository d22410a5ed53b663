"""Administrative regions 行政区划 (GB/T 2260) as far as a desk needs their names.

Provinces, the cities of Henan and the counties of Pingdingshan; a number from elsewhere shows its
province. The table ages while a person's number does not, so it never decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PROVINCES: Mapping[str, str] = MappingProxyType(
    {
        "11": "北京市",
        "12": "天津市",
        "13": "河北省",
        "14": "山西省",
        "15": "内蒙古自治区",
        "21": "辽宁省",
        "22": "吉林省",
        "23": "黑龙江省",
        "31": "上海市",
        "32": "江苏省",
        "33": "浙江省",
        "34": "安徽省",
        "35": "福建省",
        "36": "江西省",
        "37": "山东省",
        "41": "河南省",
        "42": "湖北省",
        "43": "湖南省",
        "44": "广东省",
        "45": "广西壮族自治区",
        "46": "海南省",
        "50": "重庆市",
        "51": "四川省",
        "52": "贵州省",
        "53": "云南省",
        "54": "西藏自治区",
        "61": "陕西省",
        "62": "甘肃省",
        "63": "青海省",
        "64": "宁夏回族自治区",
        "65": "新疆维吾尔自治区",
        "71": "台湾省",
        "81": "香港特别行政区",
        "82": "澳门特别行政区",
        "83": "台湾省",
    }
)
"""First two digits; 83 stands on residence permits of people from Taiwan."""

CITIES: Mapping[str, str] = MappingProxyType(
    {
        "4101": "郑州市",
        "4102": "开封市",
        "4103": "洛阳市",
        "4104": "平顶山市",
        "4105": "安阳市",
        "4106": "鹤壁市",
        "4107": "新乡市",
        "4108": "焦作市",
        "4109": "濮阳市",
        "4110": "许昌市",
        "4111": "漯河市",
        "4112": "三门峡市",
        "4113": "南阳市",
        "4114": "商丘市",
        "4115": "信阳市",
        "4116": "周口市",
        "4117": "驻马店市",
    }
)

COUNTIES: Mapping[str, str] = MappingProxyType(
    {
        "410402": "新华区",
        "410403": "卫东区",
        "410404": "石龙区",
        "410411": "湛河区",
        "410421": "宝丰县",
        "410422": "叶县",
        "410423": "鲁山县",
        "410425": "郏县",
        "410471": "高新区",
        "410472": "城乡一体化示范区",
        "410481": "舞钢市",
        "410482": "汝州市",
        "419001": "济源市",
    }
)
"""410471 and 410472 are statistical only, yet stand on numbers that people bring."""


def is_known_region(code: str) -> bool:
    """Say whether the province of a region code exists."""
    return code[:2] in PROVINCES


def region_name(code: str) -> str | None:
    """Name a region from its first six digits as finely as the table allows."""
    province = PROVINCES.get(code[:2])
    if province is None:
        return None
    return province + CITIES.get(code[:4], "") + COUNTIES.get(code[:6], "")


def are_apart(one: str, other: str) -> bool:
    """Say whether two regions lie apart as far as the table knows: province, then city."""
    if one[:2] != other[:2]:
        return True
    return one[:4] in CITIES and other[:4] in CITIES and one[:4] != other[:4]
