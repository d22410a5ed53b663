"""The district's document: signed by its root, numbers never go down, kept whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, UntrustedError, WorkplaceError
from desktop_app.security.district import District, DistrictRoot, SignedDistrict
from desktop_app.security.ticket import open_ticket
from desktop_app.services import trust_store
from desktop_app.services.district_office import AUTHORITY_FILE, ROOT_FILE, DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.setup import renew_district
from desktop_app.services.trust_store import held_district, load_district, store_district
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, log_in
from tests.sync.site import DISTRICT, OTHER_SCHOOL, PASSWORD, SCHOOL, Site

OFFICER = "孙主任"


def root_of(site: Site) -> DistrictRoot:
    return DistrictRoot.load(site.folder / "root" / ROOT_FILE, PASSWORD)


def document(district: Workplace) -> District:
    assert district.district is not None
    return district.district


def store(workplace: Workplace, signed: SignedDistrict) -> District:
    return store_district(workplace.database, signed.data, signed.signature.encode())


# --- the office ---------------------------------------------------------------------------------


def test_the_first_document_names_this_computer_its_officer_and_every_school(
    site: Site, district: Workplace
) -> None:
    found = document(district)
    assert (found.number, found.code) == (1, DISTRICT)
    assert found.root == root_of(site).public
    assert found.feed_keys == (district.computer.key.public,)
    assert [one.public for one in found.officers] == [district.session.sign.public]
    assert found.recipients == (district.session.seal.recipient,)
    assert {one.code for one in found.schools} == set(site.policy.schools)
    assert DistrictOffice(district).fingerprint() == root_of(site).fingerprint


def test_a_school_is_no_district_office(laptop: Workplace) -> None:
    with pytest.raises(RuleError) as refused:
        DistrictOffice(laptop)
    assert refused.value.code == "office.not_district"


def test_before_the_first_document_there_is_neither_paper_nor_ticket(
    site: Site, tmp_path: Path
) -> None:
    office = DistrictOffice(site.set_up("office", "district", DISTRICT))
    for act in (office.fingerprint, lambda: office.issue(SCHOOL, "1", 1, 10)):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == "office.not_founded"


def test_a_root_is_never_written_over(site: Site, district: Workplace) -> None:
    place = site.folder / "root" / ROOT_FILE
    before = place.read_bytes()
    with pytest.raises(RuleError) as refused:
        DistrictOffice(district).found(site.folder / "root", PASSWORD)
    assert refused.value.code == "office.root_exists"
    assert place.read_bytes() == before
    assert document(district).number == 1


def test_a_weak_passphrase_founds_nothing(site: Site) -> None:
    office = site.set_up("office", "district", DISTRICT)
    with pytest.raises(RuleError):
        DistrictOffice(office).found(site.folder / "weak", "1234")
    assert not (site.folder / "weak" / ROOT_FILE).exists()
    assert held_district(office.database) is None
    DistrictOffice(office).found(site.folder / "weak", PASSWORD)


def test_each_document_has_the_next_number_and_today_s_officers(
    site: Site, district: Workplace
) -> None:
    let_in(district, OFFICER, Role.OFFICER)
    let_in(district, "督导甲", Role.AUDITOR)
    office = DistrictOffice(district)
    told = office.publish_again(site.folder / "root", PASSWORD)
    keys = {one.name: one for one in district.session.people()}
    assert told.number == document(district).number == 2
    assert {one.public for one in document(district).officers} == {
        district.session.sign.public,
        keys[OFFICER].sign_public,
    }
    PeopleDesk(district).end(OFFICER)
    office.publish_again(site.folder / "root", PASSWORD)
    assert document(district).number == 3
    assert [one.public for one in document(district).officers] == [district.session.sign.public]
    assert document(district).recipients == (district.session.seal.recipient,)


def test_the_authority_is_open_to_today_s_officers_and_to_nobody_else(
    site: Site, district: Workplace
) -> None:
    let_in(district, OFFICER, Role.OFFICER)
    let_in(district, "督导甲", Role.AUDITOR)
    DistrictOffice(district).publish_again(site.folder / "root", PASSWORD)
    officer = log_in(site, district, OFFICER)
    assert DistrictOffice(officer).issue(SCHOOL, "7", 1, 100).mark == "7"
    auditor = log_in(site, officer, "督导甲")
    with pytest.raises(ProductError):
        DistrictOffice(auditor).issue(SCHOOL, "8", 1, 100)


def test_a_wrong_passphrase_or_a_missing_stick_publishes_nothing(
    site: Site, district: Workplace
) -> None:
    office = DistrictOffice(district)
    with pytest.raises(RuleError):
        office.publish_again(site.folder / "root", "another-word-77")
    with pytest.raises(WorkplaceError):
        office.publish_again(site.folder / "no stick", PASSWORD)
    assert document(district).number == 1


def test_another_district_s_root_publishes_nothing_here(site: Site, district: Workplace) -> None:
    other = site.set_up("other", "district", "410499")
    DistrictOffice(other).found(site.folder / "other root", PASSWORD)
    with pytest.raises(UntrustedError) as refused:
        DistrictOffice(district).publish_again(site.folder / "other root", PASSWORD)
    assert refused.value.code == "district.other_root"
    assert load_district(district.database) == document(district)
    assert document(district).number == 1


@pytest.mark.parametrize(
    ("school", "mark", "first", "last"),
    [
        ("2141041999", "1", 1, 10),
        (SCHOOL, "", 1, 10),
        (SCHOOL, "一", 1, 10),
        (SCHOOL, "LONG", 1, 10),
        (SCHOOL, "1", 0, 10),
        (SCHOOL, "1", 1, 1_000_000),
        (SCHOOL, "1", 20, 10),
    ],
)
def test_a_ticket_that_would_not_do_is_not_made(
    district: Workplace, school: str, mark: str, first: int, last: int
) -> None:
    with pytest.raises(RuleError):
        DistrictOffice(district).issue(school, mark, first, last)


def test_two_tickets_have_two_serials_and_two_codes(district: Workplace) -> None:
    office = DistrictOffice(district)
    one, other = office.issue(SCHOOL, "1", 1, 10), office.issue(SCHOOL, "2", 11, 20)
    assert one.serial != other.serial
    assert one.code != other.code
    with pytest.raises(ProductError):
        open_ticket(one.file, other.code, fingerprint=office.fingerprint())


def test_a_ticket_is_for_the_school_it_names(site: Site, district: Workplace) -> None:
    from desktop_app.sync.joining import use_ticket

    office = DistrictOffice(district)
    ticket = office.issue(OTHER_SCHOOL, "1", 1, 10)
    laptop = site.set_up("laptop", "school", SCHOOL)
    with pytest.raises(ProductError):
        use_ticket(laptop, ticket.file, ticket.code, office.fingerprint())
    assert load_district(laptop.database) is None


# --- the document that is held ------------------------------------------------------------------


def test_a_later_document_replaces_and_an_earlier_one_never_does(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    root, first = root_of(site), document(district)
    later = root.publish(replace(first, number=5, name="后来"))
    between = root.publish(replace(first, number=4))
    assert store(district, later).number == 5
    with pytest.raises(UntrustedError) as refused:
        store(district, between)
    assert refused.value.code == "district.older"
    assert load_district(district.database) == replace(first, number=5, name="后来")
    assert store(district, later).number == 5


def test_two_documents_of_one_number_are_noticed(site: Site, district: Workplace) -> None:
    twin = root_of(site).publish(replace(document(district), name="另一个"))
    with pytest.raises(UntrustedError) as refused:
        store(district, twin)
    assert refused.value.code == "district.two_versions"


@pytest.mark.parametrize("change", ["root", "code"])
def test_a_document_of_another_root_or_district_never_replaces(
    site: Site, district: Workplace, change: str
) -> None:
    first = replace(document(district), number=9)
    if change == "root":
        forged = DistrictRoot.create().publish(first)
    else:
        forged = root_of(site).publish(replace(first, code="410499"))
    with pytest.raises(UntrustedError) as refused:
        store(district, forged)
    assert refused.value.code == "district.other_root"
    assert load_district(district.database) == document(district)


def test_a_signature_of_another_document_is_no_signature(site: Site, district: Workplace) -> None:
    root, first = root_of(site), document(district)
    two, three = (root.publish(replace(first, number=number)) for number in (2, 3))
    with pytest.raises(UntrustedError):
        store(district, SignedDistrict(three.data, two.signature))
    with pytest.raises(UntrustedError):
        store_district(district.database, three.data, b"\xff\xfe")
    assert load_district(district.database) == first


def torn(data: bytes) -> bytes:
    return data[: len(data) // 2]


def zeroed(data: bytes) -> bytes:
    return bytes(len(data))


def flipped(data: bytes) -> bytes:
    """Change a letter inside the document, which leaves it JSON."""
    signed = msgspec.json.decode(data, type=SignedDistrict)
    at = signed.data.index(b"410411")
    body = bytearray(signed.data)
    body[at] ^= 0x01
    return msgspec.json.encode(SignedDistrict(bytes(body), signed.signature))


def unsigned(data: bytes) -> bytes:
    signed = msgspec.json.decode(data, type=SignedDistrict)
    return msgspec.json.encode(SignedDistrict(signed.data, ""))


def deep(_: bytes) -> bytes:
    return b"[" * 100_000


def no_text(data: bytes) -> bytes:
    return b'{"data":"\xff' + data


@pytest.mark.parametrize("harm", [torn, zeroed, flipped, unsigned, deep, no_text, lambda _: b"{}"])
def test_a_held_document_that_was_touched_is_untrusted_and_opens_nothing(
    site: Site, laptop: Workplace, harm: Callable[[bytes], bytes]
) -> None:
    good = laptop.settings.get("district_document")
    laptop.settings.set("district_document", harm(good.encode()).decode("utf-8", "replace"))
    with pytest.raises(UntrustedError):
        load_district(laptop.database)
    laptop.close()
    site.opened.remove(laptop)
    with pytest.raises(UntrustedError):
        site.reopen("laptop")


def test_no_file_beside_the_vault_makes_a_district(
    site: Site, laptop: Workplace, district: Workplace
) -> None:
    """Another district's document laid into the folder must not make the school seal to it."""
    stranger = DistrictRoot.create().publish(replace(document(district), recipients=()))
    trusted = document(laptop)
    for name in ("district.signed", "district.json"):
        (laptop.folder / name).write_bytes(stranger.data)
    again = site.again(laptop)
    assert again.district == trusted


def test_a_fault_while_storing_leaves_the_one_held(
    site: Site, district: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = root_of(site).publish(replace(document(district), number=2))

    with monkeypatch.context() as patch:
        patch.setattr(trust_store, "_write", fail)
        with pytest.raises(RuntimeError):
            store(district, later)
    assert load_district(district.database) == document(district)
    assert store(district, later).number == 2


def test_where_nobody_joined_nothing_is_held(site: Site) -> None:
    alone = site.set_up("alone", "school", SCHOOL)
    assert held_district(alone.database) is None
    assert load_district(alone.database) is None


def fail(*_: object) -> None:
    raise RuntimeError


def test_a_renewed_document_decides_who_an_officer_is(site: Site, district: Workplace) -> None:
    before = district.officers()
    store(district, root_of(site).publish(replace(document(district), number=2, officers=())))
    renew_district(district)
    assert before
    assert district.officers() == ()
    assert document(district).number == 2


def test_the_authority_lies_sealed(district: Workplace) -> None:
    lying = (district.folder / AUTHORITY_FILE).read_bytes()
    assert lying.startswith(b"age-encryption.org/v1")
