"""What a code list is: official values, their labels, and how people write them.

Not the lists themselves: those are in ``codes`` and its parts.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field


def fold_text(text: str) -> str:
    """Reduce a typed text to what is compared: half-width, no spaces, one case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@dataclass(frozen=True, slots=True)
class Code:
    """One official value, its label and the other ways it is met in the field."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list of codes; labels go into exports, codes into records."""

    name: str
    label: str
    entries: tuple[Code, ...]
    _known: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)
    _labels: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index every way of writing a code.

        Raises:
            ValueError: two entries share a value or a way of writing.
        """
        for entry in self.entries:
            if entry.value in self._labels:
                message = f"{self.name}: {entry.value} stands twice"
                raise ValueError(message)
            self._labels[entry.value] = entry.label
            for text in {fold_text(one) for one in (entry.value, entry.label, *entry.aliases)}:
                if text in self._known:
                    message = f"{self.name}: {text} means two codes"
                    raise ValueError(message)
                self._known[text] = entry.value

    def __contains__(self, value: object) -> bool:
        """Say whether this is one of the official values, exactly as written."""
        return value in self._labels

    @property
    def values(self) -> tuple[str, ...]:
        """The official values in their official order."""
        return tuple(entry.value for entry in self.entries)

    def label_of(self, value: str) -> str:
        """Give the label that screens and exports show.

        Raises:
            KeyError: the value is not in the list.
        """
        return self._labels[value]

    def parse(self, text: str) -> str | None:
        """Read a value, label or alias in any width and case; nothing is guessed.

        A number whose leading zero a workbook dropped is understood, since no list holds a
        shorter value beside the longer one.
        """
        folded = fold_text(text)
        if not folded:
            return None
        known = self._known.get(folded)
        if known is None and folded.isascii() and folded.isdigit():
            padded = folded.zfill(max(len(entry.value) for entry in self.entries))
            return padded if padded in self._labels else None
        return known
