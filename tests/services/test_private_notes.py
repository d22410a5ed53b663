"""Private declarations: sealed to who needs them, closed to who typed them, looked at with a trace."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.services.private_notes import LONGEST, PrivateNotes, is_sealed
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, log_in, registered
from tests.sync.site import Site

NOTE = "需要坐在前排"


def sealed_note(workplace: Workplace, record: str) -> str:
    with workplace.journal.begin(workplace.actor()) as work:
        return work.row("applicant", record).text("private_note")


def test_the_text_lies_sealed_and_opens_to_who_needs_it(laptop: Workplace) -> None:
    record = registered(laptop)
    notes = PrivateNotes(laptop)
    notes.attach(record, NOTE)
    assert is_sealed(sealed_note(laptop, record))
    assert NOTE not in sealed_note(laptop, record)
    assert notes.read(record) == NOTE


def test_who_typed_it_at_the_public_desk_cannot_open_it(site: Site, laptop: Workplace) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    clerk = log_in(site, laptop, "刘素琴")
    record = registered(clerk)
    PrivateNotes(clerk).attach(record, NOTE)
    with pytest.raises(UntrustedError):
        PrivateNotes(clerk).read(record)
    lead = log_in(site, clerk, "赵志强")
    assert PrivateNotes(lead).read(record) == NOTE


def test_each_look_leaves_a_signed_entry(laptop: Workplace) -> None:
    record = registered(laptop)
    notes = PrivateNotes(laptop)
    assert notes.read(record) == ""
    notes.attach(record, NOTE)
    notes.read(record)
    with laptop.journal.begin(laptop.actor()) as work:
        entries = work.rows("access", applicant=record, what="unmask")
    assert len(entries) == 1


def test_a_sealed_text_survives_taking_back_and_saving_again(laptop: Workplace) -> None:
    record = registered(laptop)
    notes, desk = PrivateNotes(laptop), RegistrationDesk(laptop)
    notes.attach(record, NOTE)
    form = desk.take_back(record)
    again = desk.register(form).record
    notes.attach(again, form["private_note"])
    assert notes.read(again) == NOTE


def test_a_text_too_long_is_refused(laptop: Workplace) -> None:
    record = registered(laptop)
    with pytest.raises(RuleError, match=r"private\.too_long"):
        PrivateNotes(laptop).attach(record, "字" * (LONGEST + 1))
    PrivateNotes(laptop).attach(record, "字" * LONGEST)
    assert PrivateNotes(laptop).read(record) == "字" * LONGEST


def test_a_damaged_text_is_named_and_opens_nothing(laptop: Workplace) -> None:
    record = registered(laptop)
    with laptop.journal.begin(laptop.actor()) as work:
        work.edit("applicant", record, {"private_note": "age:#"})
    with pytest.raises(UntrustedError, match=r"private\.damaged"):
        PrivateNotes(laptop).read(record)


@pytest.mark.parametrize("typed", ["age:", "age:六岁，走读", "age:YWdl", "age:" + "A" * 40])
def test_a_text_that_only_begins_like_a_sealed_one_is_sealed_all_the_same(
    laptop: Workplace, typed: str
) -> None:
    record = registered(laptop)
    notes = PrivateNotes(laptop)
    notes.attach(record, typed)
    assert not is_sealed(typed)
    assert sealed_note(laptop, record) != typed
    assert is_sealed(sealed_note(laptop, record))
    assert notes.read(record) == typed
