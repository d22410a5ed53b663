"""What of the list is wrong: read as it was written, and a field is opened by a reason alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.codes_desk import LIST_FAULT
from desktop_app.domain.list_faults import ROLL_FIELDS, locked_fields, read_faults, write_faults

reasons = st.sampled_from([one.value for one in LIST_FAULT.entries])
faults = st.dictionaries(st.sampled_from(ROLL_FIELDS), reasons)
values = st.dictionaries(st.sampled_from([*ROLL_FIELDS, "guardian_phone"]), st.text(max_size=3))


@given(faults)
def test_what_is_written_is_read_again_and_fits_its_field(said: dict[str, str]) -> None:
    assert read_faults(write_faults(said)) == said
    assert len(write_faults(said)) <= 200


@given(st.text())
def test_any_text_is_read_and_says_nothing_it_should_not(text: str) -> None:
    assert set(read_faults(text)) <= set(ROLL_FIELDS)
    assert read_faults("guardian_phone:misspelt full_name:whim full_name") == {}


@given(values, values, faults)
def test_locked_is_what_stands_as_the_list_has_it_until_somebody_says_it_is_wrong(
    entry: dict[str, str], form: dict[str, str], said: dict[str, str]
) -> None:
    locked = locked_fields(entry, form, said)
    assert not locked & said.keys()
    assert "guardian_phone" not in locked
    assert all(entry[name] == form[name] != "" for name in locked)
    assert locked_fields(entry, entry, {}) == {
        name for name, text in entry.items() if text and name in ROLL_FIELDS
    }
