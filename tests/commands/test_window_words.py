"""Opening the window stands in the help beside the commands, and schools among the codes."""

from __future__ import annotations

import pytest

from desktop_app import bootstrap
from desktop_app.commands.practice import furnish_practice
from tests.commands.site import run


def test_the_window_stands_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "open [--data DIR]" in shown
    assert "practice [--data DIR]" in shown


def test_practice_opens_on_what_the_commands_furnish(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []

    def opened(words: list[str], furnish: object) -> int:
        heard.extend((words, furnish))
        return 7

    monkeypatch.setattr("desktop_app.ui.practice.run", opened)
    assert bootstrap.run(["practice", "--data", "d"]) == 7
    assert heard == [["--data", "d"], furnish_practice]


@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_opening_the_window_has_help_of_its_own(
    capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    assert bootstrap.run(["open", asked]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("usage: main.py open")
    assert "--data" in shown


def test_the_codes_of_schools_are_listed_with_their_names() -> None:
    assert run("codes", "schools").told["schools"]["2141041101"] == "湛河湾小学"
