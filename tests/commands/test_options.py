"""The command line is what it says: every option documented, every wrong value refused unquoted."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from desktop_app.commands import main
from desktop_app.commands.options import build_parser
from tests.commands.site import run

EVERYWHERE = {"--help", "--lang", "--json", "--debug"}
SEATED = EVERYWHERE | {"--data", "--user", "--password-file"}
OPTIONS = {
    "init": SEATED
    | {"--seat", "--code", "--name", "--recovery-out", "--root-out", "--root-password-file"},
    "person add": SEATED | {"--name", "--roles", "--new-password-file"},
    "person remove": SEATED | {"--name"},
    "person list": SEATED,
    "join ticket": SEATED | {"--school", "--out", "--code-out", "--mark", "--first", "--last"},
    "join publish": SEATED | {"--root", "--root-password-file"},
    "join use": SEATED | {"ticket", "--code-file", "--fingerprint"},
    "join request": SEATED | {"--out"},
    "join accept": SEATED | {"bundle", "--fingerprint"},
    "join list": SEATED,
    "join grant": SEATED | {"hello", "--fingerprint", "--name", "--roles", "--school"},
    "join revoke": SEATED | {"which", "--school", "--sequence", "--other-branch", "--reason"},
    "register": SEATED | {"--from", "--stage", "--repairs-out"},
    "list": SEATED | {"--to", "--reason", "--which", "--whole"},
    "blank-form": SEATED | {"--to"},
    "own-data": SEATED | {"receipt", "--out"},
    "consent": SEATED | {"receipt", "--agree", "--withdraw"},
    "queue give": SEATED | {"--village", "--category"},
    "queue next": SEATED | {"--village"},
    "queue mark": SEATED | {"number", "--state"},
    "queue list": SEATED,
    "graduates take": SEATED | {"--from", "--assign", "--look", "--repairs-out"},
    "graduates count": SEATED,
    "graduates forget": SEATED | {"--school", "number"},
    "check": SEATED
    | {"receipt", "--material", "--state", "--number", "--dated", "--valid-to", "--owner"}
    | {"--reason", "--note"},
    "amend": SEATED | {"receipt", "--set"},
    "appeal add": SEATED | {"receipt", "--matter", "--words", "--school"},
    "appeal answer": SEATED | {"receipt", "--words", "--passed-on", "--school"},
    "appeal list": SEATED,
    "correct": SEATED
    | {"receipt", "--set", "--reason", "--material", "--number", "--dated", "--note"}
    | {"--second", "--second-password-file"},
    "review approve": SEATED | {"receipts", "--all-complete"},
    "review undo": SEATED | {"receipts"},
    "review send-back": SEATED | {"receipt", "--reason", "--field", "--note"},
    "review decide": SEATED
    | {"receipts", "--school", "--all-passed", "--status", "--reason", "--note", "--anyway"},
    "codes": EVERYWHERE | {"lists"},
    "erase": SEATED | {"receipt", "--reason", "--second", "--second-password-file", "--school"},
    "retention": SEATED | {"--erase", "--season", "--school", "--second", "--second-password-file"},
    "close-day": SEATED | {"--explain", "--explain-item", "--day"},
    "find": SEATED | {"text", "--limit"},
    "export": SEATED | {"--to", "--school"},
    "import": SEATED | {"paths"},
    "inspect": SEATED | {"path"},
    "ingest": SEATED | {"--inbox"},
    "relay": SEATED | {"--drop"},
    "policy check": EVERYWHERE | {"folder"},
    "policy list": SEATED,
    "policy save": SEATED | {"--out"},
    "policy publish": SEATED | {"folder"},
    "policy withdraw": SEATED | {"number"},
    "policy restore": SEATED | {"number"},
    "scanner": SEATED | {"--command", "--argument", "--off"},
    "digest": SEATED | {"--school"},
    "verify": SEATED,
    "backup": SEATED | {"--to"},
    "restore": SEATED | {"--from", "--by", "--code-file", "--recovery-out"},
    "demo": EVERYWHERE | {"--out", "--applicants", "--desks", "--seed", "--scans"},
}
"""What scripts and the telephone rely on; a new option is added here, none is lost unnoticed."""

SECRET = "罗雨桐419999201803140012"


def _leaves(
    parser: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield name, parser
    for action in inner:
        for word, below in action.choices.items():
            yield from _leaves(below, f"{name} {word}".strip())


LEAVES = dict(_leaves(build_parser()))


def _names(parser: argparse.ArgumentParser) -> set[str]:
    return {
        action.option_strings[-1] if action.option_strings else action.dest
        for action in parser._actions
    }


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.option_strings]


def _least(name: str, leaving_out: str = "") -> list[str]:
    """Give words that fill every place a command must have, but one."""
    words = name.split()
    for action in LEAVES[name]._actions:
        if action.option_strings and action.required and action.option_strings[-1] != leaving_out:
            choice = next(iter(action.choices or ["x"]))
            words += [action.option_strings[-1], str(choice)]
    for action in LEAVES[name]._actions:
        if not action.option_strings and action.dest != leaving_out and action.nargs != "*":
            words.append("x")
    return words


def test_the_commands_and_their_options_are_those_agreed() -> None:
    assert {name: _names(parser) for name, parser in LEAVES.items()} == OPTIONS


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_help_names_every_option_in_both_languages(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*name.split(), "--help"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for action in LEAVES[name]._actions:
        named = action.option_strings[-1] if action.option_strings else action.dest
        assert named in shown.out
        assert action.help, named
    assert " / " in (LEAVES[name].description or "")


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_an_option_nobody_declared_is_refused(name: str) -> None:
    ran = run(*_least(name), f"--{SECRET}")
    assert (ran.status, ran.code) == (1, "command.unknown")
    assert SECRET not in ran.line
    assert f"第 {len(_least(name)) + 1} 个词" in ran.line


REQUIRED = [
    (name, action.option_strings[-1] if action.option_strings else action.dest)
    for name, parser in sorted(LEAVES.items())
    for action in parser._actions
    if action.required and action.nargs != "*"
]


@pytest.mark.parametrize(("name", "option"), REQUIRED, ids=str)
def test_what_a_command_needs_is_demanded_before_anything_is_done(name: str, option: str) -> None:
    ran = run(*_least(name, leaving_out=option))
    assert (ran.status, ran.code) == (1, "command.usage")
    assert name in ran.line
    assert f" {option} " in ran.line


CHOSEN = [
    (name, action.option_strings[-1])
    for name, parser in sorted(LEAVES.items())
    for action in _options(parser)
    if action.choices
]


@pytest.mark.parametrize(("name", "option"), CHOSEN, ids=str)
def test_a_value_outside_its_list_is_refused_and_not_quoted(name: str, option: str) -> None:
    ran = run(*_least(name), option, SECRET)
    assert (ran.status, ran.code) == (1, "command.usage")
    assert SECRET not in ran.line
    assert f" {option} " in ran.line


NUMBERS = [
    ("join ticket", "--first"),
    ("join ticket", "--last"),
    ("join revoke", "--sequence"),
    ("find", "--limit"),
    ("demo", "--applicants"),
    ("demo", "--desks"),
    ("demo", "--seed"),
    ("demo", "--scans"),
]


@pytest.mark.parametrize(("name", "option"), NUMBERS, ids=str)
@pytest.mark.parametrize("value", ["many", "", "1.5", "1e3", "0x10", SECRET])
def test_a_number_that_is_none_is_refused(name: str, option: str, value: str) -> None:
    ran = run(*_least(name), f"{option}={value}")
    assert (ran.status, ran.code) == (1, "command.usage")
    assert SECRET not in ran.line


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "9" * 30])
def test_find_shows_between_one_and_a_thousand(limit: str) -> None:
    assert run(*_least("find"), f"--limit={limit}").code == "command.usage"


@pytest.mark.parametrize("shortened", ["--dat", "--pass", "--us", "--js"])
def test_no_option_may_be_shortened(shortened: str) -> None:
    words = ["verify", "--data", "x", shortened]
    assert run(*words).code in {"command.unknown", "command.usage"}


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (["verify", "--lang", "en"], True),
        (["verify", "--lang=en"], True),
        (["--lang", "en"], True),
        (["no-such", "--lang", "en"], True),
        (["verify", "--lang", "zh"], False),
        (["verify"], False),
        (["verify", "--lang"], False),
    ],
)
def test_even_an_unreadable_command_is_answered_in_the_language_asked_for(
    words: list[str], english: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert said.err.isascii() is english


def test_json_errors_are_one_object_with_code_number_and_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", "--json"]) == 1
    said = capsys.readouterr()
    assert said.out.count("\n") == 1
    ran = run("verify")
    assert set(ran.told) == {"error"}
    assert set(ran.told["error"]) == {"code", "number", "message"}
    assert ran.told["error"]["message"] == ran.line.rstrip("\n")
    assert ran.told["error"]["number"] in ran.line


@pytest.mark.parametrize(
    ("words", "position", "near"),
    [
        (["verify", "--data", "x", "--passwordfile", "y"], 4, "--password-file"),
        (["join", "ticket", "--data=x", "--school=1", "--out=y", "--markk=3"], 6, "--mark"),
        (["verfy"], 1, "--help"),
    ],
)
def test_a_word_not_understood_is_told_by_its_place(
    words: list[str], position: int, near: str
) -> None:
    ran = run(*words)
    assert ran.code == "command.unknown"
    assert f"第 {position} 个词" in ran.line
    assert f"：{near}；" in ran.line
    assert words[position - 1] not in ran.line.replace(near, "")


@pytest.mark.parametrize("name", ["reasons", "materials", "status", "categories", "passing"])
def test_the_codes_that_options_take_are_listed(name: str) -> None:
    listed = run("codes", name).told
    assert set(listed) == {name}
    assert all(code and label for code, label in listed[name].items())
    assert run("codes").told[name] == listed[name]


def test_a_list_of_codes_that_is_none_is_refused_unquoted() -> None:
    ran = run("codes", SECRET)
    assert ran.code == "command.usage"
    assert SECRET not in ran.line


def test_the_answers_of_the_district_stand_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "decide", "--help"]) == 0
    shown = capsys.readouterr().out
    for code in run("codes", "status").told["status"]:
        assert code in shown
