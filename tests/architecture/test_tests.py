"""Every test can fail: it asserts something itself, in its own lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import REPOSITORY, dotted

RAISERS = {"pytest.raises", "pytest.fail"}
"""What fails a test without the word assert."""
PYTESTER = {"assert_outcomes", "fnmatch_lines"}


def written_tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Walk the test functions, those of classes too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def says_something(node: ast.AST) -> bool:
    """Tell whether a line can fail its test: an assertion of a constant cannot."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant | ast.Tuple)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return dotted(node.exc.func) == "AssertionError"
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        return name in RAISERS or name.rpartition(".")[2] in PYTESTER
    return False


def silent(tree: ast.Module) -> list[str]:
    """Name the tests that assert nothing."""
    return [
        test.name
        for test in written_tests(tree)
        if not any(says_something(one) for one in ast.walk(test))
    ]


def test_every_test_asserts_something() -> None:
    found = {
        path.relative_to(REPOSITORY).as_posix(): names
        for path in sorted((REPOSITORY / "tests").rglob("test_*.py"))
        if (names := silent(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "body",
    ["run()", "pass", "assert True", "assert (run(), 'said')", "with suppress(Error): run()"],
)
def test_a_test_that_cannot_fail_is_found(body: str) -> None:
    assert silent(ast.parse(f"def test_it():\n    {body}")) == ["test_it"]


@pytest.mark.parametrize(
    "body",
    [
        "assert run()",
        "with pytest.raises(Error): run()",
        "run(pytester).assert_outcomes(passed=1)",
        "if not run(): raise AssertionError('it ran')",
    ],
)
def test_a_test_that_can_fail_is_left_alone(body: str) -> None:
    assert silent(ast.parse(f"class TestIt:\n    def test_it(self):\n        {body}")) == []
