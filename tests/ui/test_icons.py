"""Icons come from files of a package, in the colour asked for, and the package is not imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.ui.icons import icon_folder, icon_pixmap, icon_source
from tests.ui.showcase import NAVIGATION


def named_icons(repository: Path) -> set[str]:
    """Collect what stands as the name of an icon in the window."""
    names: set[str] = set()
    for path in (repository / "desktop_app" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called in {"Icon", "EmptyState"} and isinstance(node.args[0], ast.Constant):
                names.add(str(node.args[0].value))
            names.update(
                str(keyword.value.value)
                for keyword in node.keywords
                if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant)
            )
    return names - {""}


def test_every_icon_named_in_the_window_exists(repository: Path) -> None:
    names = named_icons(repository) | {item.icon for item in NAVIGATION}
    assert {"usb", "power"} <= names
    missing = {name for name in names if not (icon_folder() / f"{name}.svg").is_file()}
    assert not missing


def test_an_icon_takes_colour_and_stroke() -> None:
    source = icon_source("usb", "#17497D")
    assert b"#17497D" in source
    assert b"currentColor" not in source
    assert b'stroke-width="1.8"' in source


@pytest.mark.usefixtures("qapp")
def test_an_icon_is_drawn_at_the_ratio_of_the_screen() -> None:
    drawn = icon_pixmap("usb", 20, "#17497D", 2.0)
    assert drawn.width() == 40
    assert drawn.devicePixelRatio() == 2.0
    image = drawn.toImage()
    colours = {image.pixelColor(x, y).name() for x in range(40) for y in range(40)}
    assert "#17497d" in colours
    assert drawn.cacheKey() == icon_pixmap("usb", 20, "#17497D", 2.0).cacheKey()


def test_the_icon_package_is_read_as_files_only() -> None:
    code = (
        "import sys; from desktop_app.ui.icons import icon_source; icon_source('usb', '#000000');"
        "print(*sorted({'tablerpy', 'PIL'} & set(sys.modules)))"
    )
    words = [sys.executable, "-c", code]
    ran = subprocess.run(words, check=True, timeout=60, capture_output=True, text=True)
    assert ran.stdout.split() == []
