"""The house's own lint rules: what no line of the product may do.

Every rule is a function from a parsed file to the places that break it; each is also run on a
file that breaks it, so that no rule is silently blind.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.sources import Source, dotted, parse, product

Rule = Callable[[Source], Iterator[ast.AST]]

OPENERS = {"open": 1, "io.open": 1, "os.fdopen": 1}
"""Calls that open a file, and where the mode stands in their arguments."""
WRITERS = {"write_text", "write_bytes", "touch"}
CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.localtime",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "date.today",
    "datetime.date.today",
}
PAGES_CHILD = "desktop_app.documents.ready_child"
DEMO_WINDOW = "desktop_app.ui.demo_window"
WALL_CLOCK = "desktop_app.feeds.clock"
"""The one module of the pure layers that reads the wall clock, as the default of an argument."""
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.fork",
    "os.forkpty",
    "os.system",
    "os.popen",
    "pickle.load",
    "pickle.loads",
    "marshal.loads",
    "yaml.load",
    "breakpoint",
}


def mode_of(call: ast.Call, position: int) -> str | None:
    """Read the mode of a call that opens a file; None where it is no literal."""
    mode: ast.expr | None = call.args[position] if len(call.args) > position else None
    for keyword in call.keywords:
        mode = keyword.value if keyword.arg == "mode" else mode
    if mode is None:
        return "r"
    return mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else None


def is_write(call: ast.Call) -> bool:
    """Tell whether a call opens or makes a file for writing."""
    name = dotted(call.func)
    root, _, last = name.rpartition(".")
    if name in OPENERS:
        mode = mode_of(call, OPENERS[name])
        return mode is None or bool(set(mode) & set("wax+"))
    if last in WRITERS and name != last:
        return True
    if last != "open" or root == "os":
        return False
    # Path.open, but not the open() of archives and images, whose first argument is a name.
    mode = mode_of(call, 0) or ""
    return len(mode) <= 3 and set(mode) <= set("rwaxbt+") and bool(set(mode) & set("wax+"))


def writes_outside_durable(source: Source) -> Iterator[ast.AST]:
    """A file is written through ``durable``, so that a power cut leaves the old or the new."""
    if source.package != "durable":
        yield from (call for call in source.calls() if is_write(call))


def forbidden_calls(source: Source) -> Iterator[ast.AST]:
    """No code from data, no shell, and no fork: a fork inherits keys.

    The child that forks for a stack of pages was started without any (ADR 0016).
    """
    for call in source.calls():
        name = dotted(call.func)
        if name in FORBIDDEN_CALLS and (source.module, name) != (PAGES_CHILD, "os.fork"):
            yield call
        for keyword in call.keywords:
            literal = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            if keyword.arg == "shell" and not literal:
                yield call


def prints(source: Source) -> Iterator[ast.AST]:
    """Only a command speaks to a terminal, and the window's part of the demo to the command."""
    if source.package == "commands" or source.module == DEMO_WINDOW:
        return
    yield from (call for call in source.calls() if dotted(call.func) == "print")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in {"sys.stdout", "sys.__stdout__"}:
            yield node


def reads_clocks(source: Source) -> Iterator[ast.AST]:
    """The fold and the rules read no clock: time comes in as a value (design §2)."""
    if source.package in {"domain", "feeds"} and source.module != WALL_CLOCK:
        yield from (call for call in source.calls() if dotted(call.func) in CLOCKS)


def uses_tempfile(source: Source) -> Iterator[ast.AST]:
    """Nothing of a person goes to the system's temporary folder, so nobody asks for it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (node for alias in node.names if alias.name == "tempfile")
        elif isinstance(node, ast.ImportFrom) and node.module == "tempfile":
            yield node


def unfinished(source: Source) -> Iterator[ast.AST]:
    """Nothing is left for later."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if dotted(raised) == "NotImplementedError":
                yield node


def unsafe_databases(source: Source) -> Iterator[ast.AST]:
    """A key never stands in PRAGMA text (assurance: three copies stay in memory)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.lower().replace(" ", "")
            if text.startswith(("pragmakey", "pragmarekey", "pragmahexkey")):
                yield node


BROKEN: dict[Rule, list[tuple[str, str]]] = {
    writes_outside_durable: [
        ("desktop_app.sync.x", "open(p, 'w')"),
        ("desktop_app.sync.x", "open(p, mode='ab')"),
        ("desktop_app.sync.x", "open(p, mode)"),
        ("desktop_app.sync.x", "path.open('r+b')"),
        ("desktop_app.sync.x", "path.write_text('x')"),
        ("desktop_app.sync.x", "path.parent.write_bytes(b'x')"),
        ("desktop_app.sync.x", "os.fdopen(3, 'wb')"),
    ],
    forbidden_calls: [
        ("desktop_app.ui.x", "eval('1')"),
        ("desktop_app.ui.x", "os.fork()"),
        ("desktop_app.ui.x", "subprocess.run('x', shell=True)"),
        ("desktop_app.ui.x", "subprocess.run('x', shell=flag)"),
    ],
    prints: [
        ("desktop_app.services.x", "print('x')"),
        ("desktop_app.services.x", "sys.stdout.write('x')"),
    ],
    reads_clocks: [
        ("desktop_app.feeds.x", "time.time()"),
        ("desktop_app.domain.x", "datetime.datetime.now(tz)"),
        ("desktop_app.domain.x", "date.today()"),
    ],
    uses_tempfile: [
        ("desktop_app.documents.x", "import tempfile"),
        ("desktop_app.documents.x", "from tempfile import mkstemp"),
    ],
    unfinished: [("desktop_app.ui.x", "raise NotImplementedError")],
    unsafe_databases: [("desktop_app.storage.x", "run('PRAGMA key = 1')")],
}
FINE = [
    ("desktop_app.durable.x", "open(p, 'wb')"),
    ("desktop_app.sync.x", "open(p, 'rb')"),
    ("desktop_app.sync.x", "open(p)"),
    ("desktop_app.sync.x", "path.open()"),
    ("desktop_app.sync.x", "archive.open('wax/pages.xml')"),
    ("desktop_app.sync.x", "Image.open(stream)"),
    ("desktop_app.commands.x", "print('x')"),
    ("desktop_app.sync.x", "time.time()"),
    ("desktop_app.ui.x", "dialog.exec()"),
    ("desktop_app.ui.x", "subprocess.run(['x'], shell=False)"),
]


@pytest.mark.parametrize("rule", BROKEN, ids=lambda rule: rule.__name__)
def test_no_file_of_the_product_breaks_the_rule(rule: Rule) -> None:
    places = [
        f"{source.module}:{getattr(node, 'lineno', 0)}"
        for source in product()
        for node in rule(source)
    ]
    assert not places, rule.__doc__


@pytest.mark.parametrize(
    ("rule", "module", "text"),
    [(rule, module, text) for rule, cases in BROKEN.items() for module, text in cases],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_rule_finds_what_it_forbids(rule: Rule, module: str, text: str) -> None:
    assert len(list(rule(parse(module, text)))) == 1


@pytest.mark.parametrize(("module", "text"), FINE)
def test_what_is_allowed_breaks_no_rule(module: str, text: str) -> None:
    source = parse(module, text)
    assert not [rule.__name__ for rule in BROKEN if list(rule(source))]
