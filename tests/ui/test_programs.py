"""Mixed versions of program and policy package show on the board of the laptops."""

from __future__ import annotations

import dataclasses

import pytest

from desktop_app.domain.version import PROGRAM
from desktop_app.sync.programs import OLDER, Versions
from desktop_app.sync.siteboard import LaptopLine
from desktop_app.ui.pages.merge_parts import laptop_row
from desktop_app.ui.views import PillCell, State

EQUAL = LaptopLine("f" * 20, "2", ("刘素琴",), False, 3, 9, 0, 0, 0, True)


def state(line: LaptopLine) -> tuple[State, str]:
    cell = laptop_row(line).cells[-1]
    assert isinstance(cell, PillCell)
    return cell.state, cell.word


@pytest.mark.parametrize("version", ["0.0.9", "9.1.0", OLDER])
def test_a_laptop_with_another_program_is_marked_on_the_board(version: str) -> None:
    assert state(EQUAL)[0] is State.DONE
    assert state(dataclasses.replace(EQUAL, packed_with=Versions(PROGRAM)))[0] is State.DONE
    other = dataclasses.replace(EQUAL, packed_with=Versions(version))
    assert state(other) == (State.NEEDS, "程序不同版")
    assert other.is_equal
    assert state(dataclasses.replace(other, own=True))[0] is State.DONE
    assert state(dataclasses.replace(other, revoked=True))[0] is State.REFUSED
    assert state(dataclasses.replace(other, not_here=2))[1] != "程序不同版"


def test_a_laptop_with_another_policy_package_is_marked_on_the_board() -> None:
    here, there = "zhanhe-2-0123456789ab", "zhanhe-1-ba9876543210"
    line = dataclasses.replace(EQUAL, policy=here)
    assert state(dataclasses.replace(line, packed_with=Versions(PROGRAM, here)))[0] is State.DONE
    other = dataclasses.replace(line, packed_with=Versions(PROGRAM, there))
    assert state(other) == (State.NEEDS, "政策包不同版")
    assert other.packed_with.policy_number == "1"
    assert state(dataclasses.replace(other, own=True))[0] is State.DONE
    assert state(dataclasses.replace(other, revoked=True))[0] is State.REFUSED
