"""A paper form keyed twice: by another person, blindly, and settled where both differ."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.lists import KEYING, ListDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.second_keying import FIRST, SECOND, Difference, SecondKeyingDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, let_in, log_in, number
from tests.sync.site import Site

OTHER = "周敏"
AGAIN = {
    "full_name": " 罗雨桐 ",
    "id_number": number(),
    "birth_date": "2018.3.14",
    "guardian_id_number": number("19890522", 141),
    "guardian_phone": "138 0000 1234",
}


def paper(workplace: Workplace, **more: str) -> str:
    return RegistrationDesk(workplace).register(form(second_keying="waiting", **more)).record


def refused(desk: SecondKeyingDesk, record: str, typed: dict[str, str], **keep: str) -> str:
    with pytest.raises(RuleError) as caught:
        desk.settle(record, typed, keep)
    return caught.value.code


def test_a_form_waits_for_another_person_who_matches_or_settles_it(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, OTHER, Role.REGISTRAR)
    first = paper(laptop)
    twin = number(order=272)
    second = paper(laptop, id_number=twin, full_name="罗雨晨")
    RegistrationDesk(laptop).register(form(id_number=number(order=301), full_name="吴桐"))
    assert ListDesk(laptop).counts()[KEYING] == 2
    mine = SecondKeyingDesk(laptop)
    assert [(one.record, one.is_own) for one in mine.waiting()] == [(first, True), (second, True)]
    assert refused(mine, first, AGAIN) == "keying.own"
    desk = SecondKeyingDesk(log_in(site, laptop, OTHER))
    workplace = desk._workplace
    assert [one.is_own for one in desk.waiting()] == [False, False]
    assert refused(desk, first, {}) == "keying.empty"
    assert desk.settle(first, AGAIN) == "matched"
    assert refused(desk, first, AGAIN) == "keying.over"
    typed = AGAIN | {"id_number": twin, "full_name": "罗雨辰", "guardian_phone": "13800001243"}
    assert desk.compare(second, typed) == (
        Difference("full_name", "罗雨晨", "罗雨辰"),
        Difference("guardian_phone", "13800001234", "13800001243"),
    )
    assert refused(desk, second, typed, full_name=SECOND) == "keying.undecided"
    assert [one.record for one in desk.waiting()] == [second]
    assert desk.settle(second, typed, {"full_name": SECOND, "guardian_phone": FIRST}) == "settled"
    assert desk.waiting() == ()
    assert ListDesk(workplace).counts()[KEYING] == 0
    stored = AmendmentDesk(workplace).open(second).form
    kept = [stored[one] for one in ("full_name", "guardian_phone", "second_keying")]
    assert kept == ["罗雨辰", "13800001234", "settled"]


def test_what_is_kept_must_be_right(site: Site, laptop: Workplace) -> None:
    let_in(laptop, OTHER, Role.REGISTRAR)
    record = paper(laptop)
    desk = SecondKeyingDesk(log_in(site, laptop, OTHER))
    wrong = AGAIN | {"id_number": number()[:17] + ("1" if number()[17] != "1" else "2")}
    assert refused(desk, record, wrong, id_number=SECOND) == "form.incomplete"
    assert [one.record for one in desk.waiting()] == [record]
    assert desk.settle(record, wrong, {"id_number": FIRST}) == "settled"
