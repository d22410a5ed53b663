"""Every code that can reach a person has its sentence, and every sentence its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from desktop_app.messages.catalogue import shipped
from tests.architecture.sources import Source, dotted, parse, product

FAMILIES = {"ProductError", "RuleError", "StaleError", "WorkplaceError", "UntrustedError"}
NOTICES = {"Problem", "CellProblem", "FolderFinding"}
"""Values that carry a code to a person as errors do, and where the code stands in them."""
POSITION = {"Problem": 1, "CellProblem": 1}
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def makers(source: Source) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Walk the calls that make an error or a notice, each with its code argument."""
    for call in source.calls():
        name = dotted(call.func).rpartition(".")[2]
        if name in FAMILIES | NOTICES:
            named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
            position = POSITION.get(name, 0)
            if named or len(call.args) > position:
                yield call, named[0] if named else call.args[position]


def codes(source: Source, areas: set[str]) -> set[str]:
    """Collect the codes a module can put into an error or notice.

    Where a code is chosen from a table, every text of the module that looks like a code of a known
    area counts, so that a table cannot hide one.
    """
    found: set[str] = set()
    for _, code in makers(source):
        if isinstance(code, ast.Constant):
            found.add(str(code.value))
        else:
            found.update(
                text
                for text in source.texts()
                if CODE.fullmatch(text) and text.split(".")[0] in areas
            )
    return found


def test_every_code_has_a_sentence() -> None:
    entries = shipped()
    areas = {code.split(".")[0] for code in entries}
    missing = {
        f"{source.module}: {code}"
        for source in product()
        for code in codes(source, areas)
        if code not in entries
    }
    assert not missing


def test_every_sentence_is_said_by_somebody() -> None:
    texts = {text for source in product() for text in source.texts()}
    assert not set(shipped()) - texts


def test_every_error_brings_the_details_its_sentence_asks_for() -> None:
    entries = shipped()
    missing: set[str] = set()
    for source in product():
        for call, code in makers(source):
            name = dotted(call.func).rpartition(".")[2]
            keywords = {keyword.arg for keyword in call.keywords}
            entry = entries.get(str(code.value)) if isinstance(code, ast.Constant) else None
            if name in NOTICES or None in keywords or entry is None:
                continue
            missing.update(
                f"{source.module}:{call.lineno}: {detail}"
                for detail in entry.placeholders - keywords
            )
    assert not missing


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("raise RuleError('vault.weak')", {"vault.weak"}),
        ("raise errors.UntrustedError(code='seal.truncated', size=3)", {"seal.truncated"}),
        ("Problem(field, 'name.empty', blocks=True)", {"name.empty"}),
        ("T = {1: 'vault.old'}\nraise RuleError(T[n])", {"vault.old"}),
        ("T = {1: 'ledger.row'}\nraise RuleError(T[n])", set()),
        ("T = {1: 'vault.old'}", set()),
    ],
)
def test_codes_are_found_where_they_are_made(text: str, found: set[str]) -> None:
    assert codes(parse("desktop_app.x", text), {"vault"}) == found
