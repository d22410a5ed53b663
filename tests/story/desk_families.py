"""Two thousand made-up families by number: no two share a value that would hide a mix-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tests.services.kit import VILLAGE, number

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
MIDDLE = "子若雨思嘉欣浩宇梓一佳天俊晨诗文书语静安承睿乐明志永国建"
LAST = "涵轩萱怡琪瑶博涛然宁彤妍航泽霖洋凡希曦远悦琳豪哲鑫阳雪颖"
FIRST_DAY = date(2017, 9, 1)


def family(order: int) -> dict[str, str]:
    """Give what stands in the records of a family once it is registered."""
    rounds, first = divmod(order, len(SURNAMES))
    further, second = divmod(rounds, len(MIDDLE))
    surname, middle = SURNAMES[first], MIDDLE[second]
    last = LAST[(further + 7 * second + 3 * first) % len(LAST)]
    born = FIRST_DAY + timedelta(days=order * 131 % 365)
    parent = date(1984, 1, 1) + timedelta(days=order)
    return {
        "id_number": number(f"{born:%Y%m%d}", 100 + order * 7 % 890),
        "full_name": f"{surname}{middle}{last}",
        "ethnic_code": "01",
        "hukou_village": VILLAGE,
        "hukou_address": f"{1 + order % 9}组{order}号",
        "category": "A1",
        "guardian_name": f"{surname}{last}{middle}",
        "guardian_relation": "51",
        "guardian_id_number": number(f"{parent:%Y%m%d}", 101 + order * 7 % 890),
        "guardian_phone": f"139{order * 7919 % 10**8:08d}",
    }


def keyed(values: Mapping[str, str]) -> dict[str, str]:
    """Give what a hand types into each field; Chinese comes from the input method."""
    group, door = values["hukou_address"].removesuffix("号").split("组")
    return {
        "id_number": values["id_number"],
        "ethnic_code": "hz",
        "hukou_village": "zhw",
        "hukou_address": f"{group}-{door}",
        "hukou_nature": "1",
        "same_address": " ",
        "category": "a1",
        "boarding_code": "1",
        "guardian_relation": "fq",
        "guardian_id_number": values["guardian_id_number"],
        "guardian_phone": values["guardian_phone"],
        "notice_read": " ",
    }
