"""The vault opens to its people and to nobody else, and lets go of people for good."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import (
    ProductError,
    RuleError,
    StaleError,
    UntrustedError,
    WorkplaceError,
)
from desktop_app.security import kdf
from desktop_app.security.seal import SealKey, open_bytes
from desktop_app.security.session import Session
from desktop_app.security.slots import COPIES, SlotFile, encode
from desktop_app.security.vault import Vault
from tests.security.conftest import OTHER_PASSWORD, PASSWORD, Clock, School

WRONG = "not-the-password"


def keys_of(session: Session) -> tuple[bytes, bytes, bytes]:
    return bytes(session.database_key()), bytes(session.mac_key()), bytes(session.sealing_key())


def finish(session: Session) -> None:
    while session.rotation_pending:
        session.finish_rotation()


def slot_bytes(school: School) -> bytes:
    return (school.folder / "vault" / COPIES[0]).read_bytes()


# --- opening -----------------------------------------------------------------------------------


def test_a_person_comes_back_to_the_same_keys(school: School) -> None:
    again = school.login()
    assert keys_of(again) == keys_of(school.session)
    assert again.sign.public == school.session.sign.public
    assert again.seal.recipient == school.session.seal.recipient
    assert again.person_name == "韦校长"
    assert [person.person_id for person in school.vault.people()] == [again.sign.key_id]


def test_every_purpose_has_a_key_of_its_own(school: School) -> None:
    database, mac, sealing = keys_of(school.session)
    assert len(database) == 48
    assert len(mac) == len(sealing) == 32
    assert len({database[:32], mac, sealing}) == 3


def test_no_two_vaults_share_a_key(tmp_path: Path) -> None:
    sessions = [Vault.create(tmp_path / name, "A", PASSWORD)[0] for name in ("one", "two")]
    first, second = (keys_of(session) for session in sessions)
    assert all(left != right for left, right in zip(first, second, strict=True))
    assert first[0][32:] != second[0][32:], "the salts differ too"


def test_no_secret_stands_in_the_slot_file(school: School) -> None:
    text = slot_bytes(school)
    session = school.session
    for secret in (
        bytes(session.database_key()[:32]),
        bytes(session.seal.secret()),
        bytes(session.sign.private_bytes()),
        PASSWORD.encode(),
        school.code.encode(),
    ):
        assert secret not in text


def test_a_password_is_stretched_once_per_login_and_at_full_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_cost: kdf.Cost
) -> None:
    costs: list[kdf.Cost] = []
    real = kdf.argon2id

    def counting(salt: bytes, cost: kdf.Cost) -> object:
        costs.append(cost)
        return real(salt, cost)

    monkeypatch.setattr(kdf, "argon2id", counting)
    Vault.create(tmp_path, "A", PASSWORD)
    assert costs == [real_cost]
    Vault.open(tmp_path).unlock("A", PASSWORD)
    assert costs == [real_cost] * 2
    assert real_cost.memory >= 64 * 1024
    assert real_cost.passes >= 3


@pytest.mark.parametrize(
    "cost",
    [
        {"memory": 16 << 20},
        {"memory": 1},
        {"passes": 10_000},
        {"passes": 0},
        {"lanes": 200},
        {"lanes": 0},
    ],
)
def test_a_doctored_cost_is_refused_before_it_is_paid(cost: dict[str, int]) -> None:
    fields = {"memory": 65536, "passes": 3, "lanes": 4, **cost}
    with pytest.raises(UntrustedError) as raised:
        kdf.stretch(bytearray(b"x"), b"s" * 16, kdf.Cost(**fields))
    assert raised.value.code == "vault.cost_out_of_bounds"


def test_a_bytearray_and_full_width_typing_are_the_same_password(school: School) -> None:
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in PASSWORD)
    for password in (bytearray(PASSWORD.encode()), wide, bytearray(wide.encode())):
        kept = bytes(password) if isinstance(password, bytearray) else password
        assert school.vault.unlock("韦校长", password).sign.public == school.session.sign.public
        assert password == kept, "the caller's own copy is the caller's to wipe"


def test_closing_wipes_the_master_keys(school: School) -> None:
    held = list(school.session._masters.values())
    school.session.close()
    assert held
    assert all(set(master) == {0} for master in held)


def test_who_is_not_in_the_list_does_not_get_in(school: School) -> None:
    with pytest.raises(RuleError) as raised:
        school.login("陌生人")
    assert raised.value.code == "vault.no_person"


def test_there_is_one_vault_per_folder(school: School, tmp_path: Path) -> None:
    assert Vault.exists(school.folder)
    with pytest.raises(RuleError) as raised:
        Vault.create(school.folder, "B", PASSWORD)
    assert raised.value.code == "vault.exists"
    assert not Vault.exists(tmp_path / "elsewhere")
    with pytest.raises(WorkplaceError) as missing:
        Vault.open(tmp_path / "elsewhere")
    assert missing.value.code == "vault.missing"


# --- wrong passwords -------------------------------------------------------------------------------


def test_wrong_passwords_make_the_next_try_wait_longer_and_longer(
    school: School, clock: Clock
) -> None:
    seen = []
    for _ in range(7):
        with pytest.raises(RuleError) as raised:
            school.login(password=WRONG)
        assert raised.value.code == "vault.wrong_password"
        details = raised.value.details
        seen.append((details["tries_left"], details["wait"]))
        clock.now += int(details["wait"])
    assert seen == [(2, 0), (1, 0), (0, 0), (0, 30), (0, 60), (0, 120), (0, 240)]


def test_waiting_cannot_be_skipped_and_costs_no_stretching(
    school: School, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        with pytest.raises(RuleError):
            school.login(password=WRONG)
    monkeypatch.setattr(kdf, "argon2id", None)
    clock.now += 29
    for passed in (0, -1_000_000):
        clock.now += passed
        with pytest.raises(RuleError) as raised:
            school.login()
        assert raised.value.code == "vault.wait"
        assert 1 <= int(raised.value.details["seconds"]) <= 30


def test_only_the_right_password_ends_the_counting(school: School, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(RuleError):
            school.login(password=WRONG)
    clock.now += 10_000_000
    with pytest.raises(RuleError) as raised:
        school.login(password=WRONG)
    assert raised.value.details["wait"] == 60, "time alone forgives nothing"
    clock.now += 60
    school.login()
    with pytest.raises(RuleError) as raised:
        school.login(password=WRONG)
    assert raised.value.details["tries_left"] == 2


def test_a_wait_never_grows_beyond_an_hour(school: School, clock: Clock) -> None:
    wait = 0
    for _ in range(30):
        with pytest.raises(RuleError) as raised:
            school.login(password=WRONG)
        wait = int(raised.value.details["wait"])
        clock.now += wait
    assert wait == 3600


def test_one_person_s_slips_keep_nobody_else_out(school: School) -> None:
    school.session.add_person("登记员", OTHER_PASSWORD)
    for _ in range(4):
        with pytest.raises(RuleError):
            school.login("登记员", WRONG)
    school.login()


def test_a_try_is_counted_before_it_is_made(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plug_pulled(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kdf, "argon2id", plug_pulled)
        for _ in range(4):
            with pytest.raises(KeyboardInterrupt):
                school.login()
    with pytest.raises(RuleError) as raised:
        school.login()
    assert raised.value.code == "vault.wait"


@pytest.mark.parametrize("damage", [b"", b"{", b'{"x": 3}', b"\xff"])
def test_a_damaged_counter_keeps_nobody_out(school: School, damage: bytes) -> None:
    (school.folder / "vault" / "tries").write_bytes(damage)
    assert school.login().generation == 1


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short-1", "short"),
        ("x1" * 65, "long"),
        ("12345678", "simple"),
        ("hgfedcba", "simple"),
        ("88888888", "simple"),
        ("Password123", "simple"),
        ("20180314", "digits"),
        ("A Name Of Mine", "name"),
        ("\ud800bcdefgh", "text"),
    ],
)
def test_weak_passwords_are_refused_with_their_reason(
    tmp_path: Path, password: str, reason: str
) -> None:
    with pytest.raises(RuleError) as raised:
        Vault.create(tmp_path / "data", "a name of mine", password)
    assert (raised.value.code, raised.value.details["reason"]) == ("vault.weak_password", reason)
    assert not Vault.exists(tmp_path / "data")


@pytest.mark.parametrize("password", ["4719 2038", "47192038165", "阳光招生报名登记", "tr0ub4dor"])
def test_ordinary_good_passwords_are_taken(tmp_path: Path, password: str) -> None:
    Vault.create(tmp_path, "A", password)
    assert Vault.open(tmp_path).unlock("A", password).person_name == "A"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202eabc", "x" * 41])
def test_names_that_are_none_are_refused(school: School, name: str) -> None:
    with pytest.raises(RuleError) as raised:
        school.session.add_person(name, OTHER_PASSWORD)
    assert raised.value.code == "vault.bad_name"


# --- people ------------------------------------------------------------------------------------


def test_everybody_opens_the_same_database_with_keys_of_their_own(school: School) -> None:
    keys = school.session.add_person(" 登记员 ", OTHER_PASSWORD)
    clerk = school.login("登记员", OTHER_PASSWORD)
    assert keys_of(clerk) == keys_of(school.session)
    assert clerk.sign.public == keys.sign_public != school.session.sign.public
    assert clerk.seal.recipient == keys.recipient != school.session.seal.recipient
    with pytest.raises(RuleError) as raised:
        school.session.add_person("登记员", OTHER_PASSWORD)
    assert raised.value.code == "vault.name_taken"


def test_who_was_removed_is_out_even_with_an_old_slot_file(school: School) -> None:
    school.session.add_person("登记员", OTHER_PASSWORD)
    clerk = school.login("登记员", OTHER_PASSWORD)
    old = keys_of(clerk)
    school.session.remove_person("登记员")
    with pytest.raises(RuleError):
        school.login("登记员", OTHER_PASSWORD)
    session = school.session
    assert bytes(session.database_key()) == old[0], "until the database has its new key"
    upcoming = bytes(session.next_database_key())
    assert upcoming[:32] != old[0][:32]
    assert upcoming[32:] == old[0][32:], "the salt stays"
    finish(session)
    assert bytes(session.database_key()) == upcoming
    for wrapped in SlotFile(school.folder).copies()[0].slots.persons[0].masters:
        with pytest.raises(UntrustedError):
            open_bytes(wrapped.sealed, [clerk.seal])
    assert not set(keys_of(session)) & set(old)


def test_removing_needs_nobody_else_s_password_and_keeps_the_others(school: School) -> None:
    for name in ("审核员", "登记员"):
        school.session.add_person(name, OTHER_PASSWORD)
    school.session.remove_person("登记员")
    finish(school.session)
    assert keys_of(school.login("审核员", OTHER_PASSWORD)) == keys_of(school.session)
    recovered = school.vault.recover(school.code, "新人", OTHER_PASSWORD)
    assert bytes(recovered.database_key()) == bytes(school.session.database_key())


def test_nobody_removes_themselves_or_a_stranger(school: School) -> None:
    for name, code in (("韦校长", "vault.own_slot"), ("谁", "vault.no_person")):
        with pytest.raises(RuleError) as raised:
            school.session.remove_person(name)
        assert raised.value.code == code
    assert not school.session.rotation_pending


def test_a_changed_password_keeps_the_keys_and_ends_the_old_one(school: School) -> None:
    before = keys_of(school.session)
    school.session.change_password(PASSWORD, OTHER_PASSWORD)
    again = school.login(password=OTHER_PASSWORD)
    assert (keys_of(again), again.sign.public) == (before, school.session.sign.public)
    with pytest.raises(RuleError):
        school.login(password=PASSWORD)


def test_changing_a_password_asks_for_the_old_one_and_a_good_new_one(school: School) -> None:
    with pytest.raises(RuleError) as raised:
        school.session.change_password(WRONG, OTHER_PASSWORD)
    assert (raised.value.code, raised.value.details["tries_left"]) == ("vault.wrong_password", 2)
    with pytest.raises(RuleError) as raised:
        school.session.change_password(PASSWORD, "1234")
    assert raised.value.code == "vault.weak_password"
    assert school.login().generation == 1


def test_a_session_goes_on_from_what_another_person_changed(school: School) -> None:
    school.session.add_person("审核员", OTHER_PASSWORD)
    reviewer = school.login("审核员", OTHER_PASSWORD)
    school.session.add_person("登记员", OTHER_PASSWORD)
    school.session.rotate()
    finish(school.session)
    reviewer.add_person("台账员", OTHER_PASSWORD)
    assert {person.name for person in school.vault.people()} == {
        "韦校长",
        "审核员",
        "登记员",
        "台账员",
    }
    assert keys_of(reviewer) == keys_of(school.session)


def test_a_removed_person_s_open_session_changes_nothing_any_more(school: School) -> None:
    school.session.add_person("登记员", OTHER_PASSWORD)
    clerk = school.login("登记员", OTHER_PASSWORD)
    school.session.remove_person("登记员")
    before = slot_bytes(school)
    with pytest.raises(StaleError):
        clerk.add_person("同伙", OTHER_PASSWORD)
    assert slot_bytes(school) == before


# --- rotation ----------------------------------------------------------------------------------


def test_a_rotation_survives_a_restart_at_any_point(school: School) -> None:
    current = bytes(school.session.database_key())
    school.session.rotate()
    upcoming = bytes(school.session.next_database_key())
    for again in (school.login(), school.login()):
        assert again.rotation_pending
        assert bytes(again.database_key()) == current
        assert bytes(again.next_database_key()) == upcoming
    school.login().finish_rotation()
    last = school.login()
    assert not last.rotation_pending
    assert bytes(last.database_key()) == upcoming
    with pytest.raises(RuleError) as raised:
        last.finish_rotation()
    assert raised.value.code == "vault.no_rotation"
    with pytest.raises(RuleError):
        last.next_database_key()


def test_removing_during_a_rotation_is_followed_by_another(school: School) -> None:
    school.session.add_person("登记员", OTHER_PASSWORD)
    clerk = school.login("登记员", OTHER_PASSWORD)
    school.session.rotate()
    clerk.rotate()  # the clerk learns the next key
    known = {bytes(clerk.database_key()), bytes(clerk.next_database_key())}
    school.session.remove_person("登记员")
    finish(school.session)
    assert bytes(school.session.database_key()) not in known
    assert not school.login().rotation_pending


def test_somebody_added_during_a_rotation_holds_both_keys(school: School) -> None:
    school.session.rotate()
    school.session.add_person("登记员", OTHER_PASSWORD)
    clerk = school.login("登记员", OTHER_PASSWORD)
    assert bytes(clerk.database_key()) == bytes(school.session.database_key())
    assert bytes(clerk.next_database_key()) == bytes(school.session.next_database_key())


def test_what_lies_under_the_old_key_is_moved_before_the_old_key_goes(school: School) -> None:
    class Kept:
        def __init__(self) -> None:
            self.moved_to: list[bytes] = []

        def reseal(self, session: Session) -> None:
            self.moved_to.append(bytes(session.newest_file_keys()[0]))
            assert session.rotation_pending

    school.session.rotate()
    kept = Kept()
    school.session.finish_rotation(kept)
    assert kept.moved_to == [bytes(school.session.sealing_key())]


def test_when_moving_fails_the_rotation_stays_pending(school: School) -> None:
    class Stuck:
        def reseal(self, session: Session) -> None:
            raise WorkplaceError("disk.full")

    school.session.rotate()
    with pytest.raises(WorkplaceError):
        school.session.finish_rotation(Stuck())
    assert school.session.rotation_pending
    assert school.login().rotation_pending


# --- recovery and escrow -----------------------------------------------------------------------


def test_the_printed_code_opens_the_vault_and_makes_a_new_key(school: School) -> None:
    before = keys_of(school.session)
    typed = school.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    recovered = school.vault.recover(typed, "新校长", OTHER_PASSWORD)
    assert keys_of(recovered) == before
    assert recovered.rotation_pending
    finish(recovered)
    assert not set(keys_of(recovered)) & set(before)
    assert keys_of(school.login("新校长", OTHER_PASSWORD)) == keys_of(recovered)
    assert keys_of(school.login()) == keys_of(recovered), "the others stay"


def test_recovering_under_an_old_name_replaces_that_person_s_keys(school: School) -> None:
    recovered = school.vault.recover(school.code, "韦校长", OTHER_PASSWORD)
    assert recovered.sign.public != school.session.sign.public
    assert len(school.vault.people()) == 1
    with pytest.raises(StaleError):
        school.session.rotate()
    with pytest.raises(RuleError):
        school.login(password=PASSWORD)


def test_recovering_during_a_rotation_loses_nothing(school: School) -> None:
    school.session.rotate()
    current, upcoming = school.session.database_key(), school.session.next_database_key()
    recovered = school.vault.recover(school.code, "新校长", OTHER_PASSWORD)
    assert (recovered.database_key(), recovered.next_database_key()) == (current, upcoming)
    recovered.finish_rotation()
    assert recovered.rotation_pending, "the master key known before recovery goes too"
    finish(recovered)
    assert bytes(recovered.database_key()) not in {bytes(current), bytes(upcoming)}


def test_a_wrong_or_mistyped_code_is_told_apart(school: School, tmp_path: Path) -> None:
    _, foreign = Vault.create(tmp_path / "other", "A", PASSWORD)
    with pytest.raises(RuleError) as raised:
        school.vault.recover(foreign, "新校长", OTHER_PASSWORD)
    assert raised.value.code == "vault.wrong_code"
    slip = "A" if school.code[6] != "A" else "B"
    with pytest.raises(RuleError) as raised:
        school.vault.recover(school.code[:6] + slip + school.code[7:], "新校长", OTHER_PASSWORD)
    assert (raised.value.code, raised.value.details["group"]) == ("paper.mistyped", 2)
    assert len(school.vault.people()) == 1


def test_a_new_code_ends_the_old_one(school: School) -> None:
    code = school.session.new_recovery_code()
    assert school.session.rotation_pending, "who held the old code must not keep the key"
    with pytest.raises(RuleError):
        school.vault.recover(school.code, "新校长", OTHER_PASSWORD)
    assert school.vault.recover(code, "新校长", OTHER_PASSWORD).person_name == "新校长"


def test_the_district_s_escrow_opens_the_vault(school: School) -> None:
    district, stranger = SealKey.generate(), SealKey.generate()
    with pytest.raises(RuleError) as raised:
        school.vault.recover_by_escrow(district, "新校长", OTHER_PASSWORD)
    assert raised.value.code == "vault.no_escrow"
    school.session.set_escrow(district.recipient)
    assert not school.session.rotation_pending, "nobody lost access"
    with pytest.raises(RuleError):
        school.vault.recover_by_escrow(stranger, "新校长", OTHER_PASSWORD)
    recovered = school.vault.recover_by_escrow(district, "新校长", OTHER_PASSWORD)
    assert keys_of(recovered) == keys_of(school.session)
    finish(recovered)
    assert school.vault.recover_by_escrow(district, "再一人", OTHER_PASSWORD).rotation_pending


def test_an_escrow_that_is_taken_back_is_shut_out(school: School) -> None:
    district = SealKey.generate()
    school.session.set_escrow(district.recipient)
    school.session.set_escrow(district.recipient)
    assert not school.session.rotation_pending
    school.session.set_escrow(None)
    assert school.session.rotation_pending
    with pytest.raises(RuleError):
        school.vault.recover_by_escrow(district, "新校长", OTHER_PASSWORD)
    with pytest.raises(UntrustedError):
        school.session.set_escrow("age1notarecipient")


# --- damage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hurt", COPIES)
@pytest.mark.parametrize("damage", [None, b"", b"garbage\n", b"{}\n00 11\n"])
def test_one_damaged_copy_is_mended_from_the_other(
    school: School, hurt: str, damage: bytes | None
) -> None:
    path, good = school.folder / "vault" / hurt, slot_bytes(school)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert keys_of(school.login()) == keys_of(school.session)
    assert path.read_bytes() == good


def test_two_damaged_copies_are_told(school: School) -> None:
    for name in COPIES:
        (school.folder / "vault" / name).write_bytes(b"garbage")
    with pytest.raises(UntrustedError) as raised:
        Vault.open(school.folder)
    assert raised.value.code == "vault.damaged"


def test_a_copy_left_behind_by_a_crash_is_brought_up(school: School) -> None:
    behind = slot_bytes(school)
    school.session.add_person("登记员", OTHER_PASSWORD)
    second = school.folder / "vault" / COPIES[1]
    second.write_bytes(behind)
    assert len(school.login().people()) == 2
    assert second.read_bytes() == slot_bytes(school) != behind


def test_an_unknown_suite_is_not_guessed_at(school: School) -> None:
    for name in COPIES:
        path = school.folder / "vault" / name
        slots = SlotFile(school.folder).copies()[0].slots
        doctored = encode(slots, bytes(32)).replace(b"argon2id", b"argon2xx")
        path.write_bytes(reframed(doctored))
    with pytest.raises(UntrustedError) as raised:
        Vault.open(school.folder)
    assert raised.value.code == "vault.unknown_suite"


def reframed(data: bytes) -> bytes:
    """Give a doctored slot file a checksum that fits, as an attacker would."""
    body, _, tail = data.removesuffix(b"\n").rpartition(b"\n")
    mac = tail.split(b" ")[0]
    return (
        body + b"\n" + mac + b" " + hashlib.sha256(body + b"\n" + mac).hexdigest().encode() + b"\n"
    )


@pytest.mark.parametrize("both", [True, False])
def test_an_attacker_s_change_with_a_fitting_checksum_is_found(
    school: School, *, both: bool
) -> None:
    district, attacker = SealKey.generate(), SealKey.generate()
    school.session.set_escrow(district.recipient)
    for name in COPIES if both else COPIES[:1]:
        path = school.folder / "vault" / name
        doctored = path.read_bytes().replace(
            district.recipient.encode(), attacker.recipient.encode()
        )
        path.write_bytes(reframed(doctored))
    if both:
        with pytest.raises(UntrustedError) as raised:
            school.login()
        assert raised.value.code == "vault.damaged"
    else:
        assert school.login().people()
        assert attacker.recipient.encode() not in slot_bytes(school)


@pytest.mark.parametrize("what", ["generation", "masters"])
def test_recovery_and_escrow_believe_no_doctored_file_either(school: School, what: str) -> None:
    district = SealKey.generate()
    school.session.set_escrow(district.recipient)
    good = slot_bytes(school)
    slots = SlotFile(school.folder).copies()[0].slots
    assert slots.escrow
    doctored = good.replace(b'"generation":2', b'"generation":3')
    if what == "masters":
        for holder in (slots.recovery, slots.escrow):
            doctored = doctored.replace(base64.b64encode(holder.masters[0].sealed), b"AAAA")
    for name in COPIES:
        (school.folder / "vault" / name).write_bytes(reframed(doctored))
    with pytest.raises(UntrustedError) as raised:
        school.vault.recover(school.code, "新校长", OTHER_PASSWORD)
    assert raised.value.code == "vault.damaged"
    with pytest.raises(UntrustedError) as raised:
        school.vault.recover_by_escrow(district, "新校长", OTHER_PASSWORD)
    assert raised.value.code == "vault.damaged"
    (school.folder / "vault" / COPIES[1]).write_bytes(good)
    assert keys_of(school.vault.recover(school.code, "新校长", OTHER_PASSWORD)) == keys_of(
        school.session
    )


def test_a_login_passes_over_a_doctored_copy_to_one_without_the_person(school: School) -> None:
    before = slot_bytes(school)
    school.session.add_person("登记员", OTHER_PASSWORD)
    doctored = slot_bytes(school).replace(b'"again":false', b'"again":true')
    (school.folder / "vault" / COPIES[0]).write_bytes(reframed(doctored))
    (school.folder / "vault" / COPIES[1]).write_bytes(before)
    with pytest.raises(UntrustedError) as raised:
        school.login("登记员", OTHER_PASSWORD)
    assert raised.value.code == "vault.damaged"
    assert school.login().generation == 1, "the copy that is proven counts"


def test_an_open_session_notices_a_doctored_or_older_file(school: School) -> None:
    old = slot_bytes(school)
    school.session.add_person("登记员", OTHER_PASSWORD)
    current = slot_bytes(school)
    for content, code in (
        (old, "vault.rolled_back"),
        (reframed(current.replace("登记员".encode(), "登计员".encode())), "vault.damaged"),
    ):
        for name in COPIES:
            (school.folder / "vault" / name).write_bytes(content)
        with pytest.raises(UntrustedError) as raised:
            school.session.rotate()
        assert raised.value.code == code


@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_bits_are_found_or_the_content_is_true(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    school = School(tmp_path_factory.mktemp("flip") / "data", Clock())
    good = slot_bytes(school)
    hurt = data.draw(st.sampled_from([COPIES[:1], COPIES[1:], COPIES]))
    fitting = data.draw(st.booleans())
    for name in hurt:
        bad = bytearray(good)
        position = data.draw(st.integers(0, 99_999))
        bad[position * len(bad) // 100_000] ^= 1 << data.draw(st.integers(0, 7))
        (school.folder / "vault" / name).write_bytes(reframed(bytes(bad)) if fitting else bad)
    try:
        session = school.login()
    except ProductError as error:
        assert error.code in {  # noqa: PT017 - either way of going on is right
            "vault.damaged",
            "vault.wrong_password",
            "vault.no_person",
            "vault.unknown_suite",
            "vault.cost_out_of_bounds",
            "vault.bad_name",
        }
        return
    assert keys_of(session) == keys_of(school.session)
    assert slot_bytes(school) == good


def test_a_full_disk_leaves_the_vault_as_it_was(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = slot_bytes(school)

    def full(*_: object) -> None:
        raise WorkplaceError("disk.full")

    with monkeypatch.context() as patch:
        patch.setattr("desktop_app.security.slots.write_atomically", full)
        with pytest.raises(WorkplaceError):
            school.session.add_person("登记员", OTHER_PASSWORD)
    assert slot_bytes(school) == before
    assert school.session.add_person("登记员", OTHER_PASSWORD).name == "登记员"
