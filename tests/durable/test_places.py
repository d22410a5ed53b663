"""The program finds its own files, unpacked or in the source tree."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.durable.places import program_folder, resource_path


def test_the_source_tree_holds_the_resources() -> None:
    assert (program_folder() / "desktop_app" / "durable" / "places.py").is_file()
    assert resource_path("text", "messages").is_dir()


def test_the_packaged_program_looks_where_it_was_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource_path("style", "tokens.json") == tmp_path / "resources" / "style" / "tokens.json"


@pytest.mark.parametrize("parts", [("..", "main.py"), ("/etc/passwd",), ("text", "..", "..", "a")])
def test_no_name_leads_out_of_the_resources(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="under resources"):
        resource_path(*parts)
