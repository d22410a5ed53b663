"""What a command answers: values with names, shown as lines for a person or as one JSON object.

Commands speak in names of values; the words for them lie in ``resources/text/commands.toml``, in
Chinese and English, so that no command writes a sentence of its own.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from desktop_app.durable.files import read_limited
from desktop_app.durable.places import resource_path
from desktop_app.messages.catalogue import Language

Scalar = str | int | float | bool | None
Json = Scalar | Sequence["Json"] | Mapping[str, "Json"]
Line = Mapping[str, Scalar]

_LIMIT = 256 * 1024
_LANGUAGES: tuple[Language, Language] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found or did; ``holds`` is False where the answer is bad news.

    ``shown`` names the values that a person is shown, all of them where it is empty.
    """

    values: Mapping[str, Json]
    holds: bool = True
    shown: tuple[str, ...] = ()

    def as_json(self, more: Mapping[str, Json] | None = None) -> str:
        """Write one JSON object on one line, with ``more`` of what only a program reads there."""
        return json.dumps({**self.values, **(more or {})}, ensure_ascii=False)

    def as_text(self, lang: Language) -> str:
        """Write one line per value, and one per entry of a list; what is empty is left out."""
        lines: list[str] = []
        for name in self.shown or tuple(self.values):
            value = self.values[name]
            if value is None or (isinstance(value, Sequence | Mapping) and not value):
                continue
            colon = "：" if lang == "zh" else ": "
            if isinstance(value, str | int | float):
                lines.append(f"{word(name, lang)}{colon}{_shown(name, value, lang)}")
            else:
                entries = value.items() if isinstance(value, Mapping) else value
                lines.append(f"{word(name, lang)}{colon.rstrip()}")
                lines += [f"  {_shown(name, entry, lang)}" for entry in entries]
        return "\n".join(lines)


def word(name: str, lang: Language) -> str:
    """Give the words for a value's name.

    Raises:
        KeyError: the name has none: a bug, found by the tests.
    """
    return str(_texts()["words"][name][_LANGUAGES.index(lang)])


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Mapping[str, Any]]:
    data = read_limited(resource_path("text", "commands.toml"), _LIMIT)
    return tomllib.loads(data.decode())


def coded(name: str, code: str, lang: Language) -> str:
    """Give the words for a coded value, or the value itself where it is no code of ours."""
    words = _texts()["codes"].get(name, {}).get(code)
    return code if words is None else str(words[_LANGUAGES.index(lang)])


def _shown(name: str, value: Json, lang: Language) -> str:
    """Write a value on one line; of a table's line, each value after its name."""
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, Mapping):
        colon = "：" if lang == "zh" else ": "
        return "  ".join(
            f"{word(column, lang)}{colon}{_shown(column, one, lang)}"
            for column, one in value.items()
            if one not in (None, "")
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "  ".join(_shown(name, one, lang) for one in value)
    if isinstance(value, str):
        return coded(name, value, lang)
    return "" if value is None else str(value)
