"""Papers of a case: what a category asks for, and how far a family has come.

A missing paper never stops a registration (容缺); it only stands on the list until its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from desktop_app.domain.errors import RuleError

SETTLED = frozenset({"accepted", "waived"})
"""States after which nothing more is asked."""

_BEST_FIRST = (
    "accepted",
    "waived",
    "pending_original",
    "correction_required",
    "rejected",
    "missing",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One material is asked for."""

    code: str

    def codes(self) -> Iterator[str]:
        """Give every material that is named."""
        yield self.code


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is asked for."""

    parts: tuple[Requirement, ...]

    def codes(self) -> Iterator[str]:
        """Give every material that is named."""
        for part in self.parts:
            yield from part.codes()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the options is enough, and the family chooses."""

    options: tuple[Requirement, ...]

    def codes(self) -> Iterator[str]:
        """Give every material that is named."""
        for option in self.options:
            yield from option.codes()


Requirement = Paper | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class MaterialCheck:
    """What became of one paper 核验结果."""

    material: str
    state: str
    reason: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: a part of the requirement, its state, and what would settle it."""

    requirement: Requirement
    state: str
    checks: tuple[MaterialCheck, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is asked for this line."""
        return self.state in SETTLED


@dataclass(frozen=True, slots=True)
class Checklist:
    """Material checklist 核验单 of one application."""

    required: AllOf
    optional: tuple[str, ...] = ()
    checks: Mapping[str, MaterialCheck] = field(default_factory=lambda: MappingProxyType({}))

    def accept(self, material: str) -> Checklist:
        """Mark an original as seen; no copy is needed for that.

        Raises:
            RuleError: the category does not ask for this material.
        """
        return self._set(MaterialCheck(material, "accepted"))

    def waive(self, material: str, source: str) -> Checklist:
        """Mark a material as proved by a data match, so that the family need not bring it."""
        return self._set(MaterialCheck(material, "waived", reason=source))

    def defer(self, material: str, due: str) -> Checklist:
        """Let the original come later 容缺, by an ISO date."""
        return self._set(MaterialCheck(material, "pending_original", due=due))

    def ask_correction(self, material: str, reason: str, due: str) -> Checklist:
        """Ask for a correction 补正 with its reason code, by an ISO date."""
        return self._set(MaterialCheck(material, "correction_required", reason, due))

    def reject(self, material: str, reason: str) -> Checklist:
        """Decline a paper with its reason code; the child is not declined."""
        return self._set(MaterialCheck(material, "rejected", reason))

    def withdraw(self, material: str) -> Checklist:
        """Take back what was noted of a material."""
        self._must_be_asked(material)
        kept = {code: check for code, check in self.checks.items() if code != material}
        return replace(self, checks=MappingProxyType(kept))

    def lines(self) -> tuple[Line, ...]:
        """Give the lines in the order of the category, each with its state."""
        return tuple(
            Line(part, self._state(part), tuple(self._noted(part))) for part in self.required.parts
        )

    def missing(self) -> tuple[Requirement, ...]:
        """Give the lines that are not settled yet, for the one-time notice 一次性告知."""
        return tuple(line.requirement for line in self.lines() if not line.is_settled)

    @property
    def is_complete(self) -> bool:
        """Whether every line is settled."""
        return not self.missing()

    def next_materials(self) -> tuple[str, ...]:
        """Give the fewest papers that would complete the list; the published order breaks ties."""
        return tuple(dict.fromkeys(self._cheapest(self.required)))

    def deadline(self) -> str | None:
        """Give the last day on which an open paper may come, as an ISO date."""
        open_days = [
            check.due
            for code, check in self.checks.items()
            if check.due is not None and code in set(self._open_codes())
        ]
        return max(open_days, default=None)

    def _set(self, check: MaterialCheck) -> Checklist:
        self._must_be_asked(check.material)
        return replace(self, checks=MappingProxyType({**self.checks, check.material: check}))

    def _must_be_asked(self, material: str) -> None:
        if material not in self.optional and material not in set(self.required.codes()):
            raise RuleError("material.not_asked", material=material)

    def _open_codes(self) -> Iterator[str]:
        for requirement in self.missing():
            yield from requirement.codes()

    def _noted(self, part: Requirement) -> Iterator[MaterialCheck]:
        for code in part.codes():
            if code in self.checks:
                yield self.checks[code]

    def _state(self, part: Requirement) -> str:
        """Judge a part: of options the best state counts, of parts together the worst."""
        if isinstance(part, Paper):
            check = self.checks.get(part.code)
            return check.state if check else "missing"
        if isinstance(part, AnyOf):
            return min((self._state(option) for option in part.options), key=_BEST_FIRST.index)
        return max((self._state(each) for each in part.parts), key=_BEST_FIRST.index)

    def _cheapest(self, part: Requirement) -> list[str]:
        """List the papers still to come for a part."""
        if isinstance(part, Paper):
            return [] if self._state(part) in SETTLED else [part.code]
        if isinstance(part, AnyOf):
            return min((self._cheapest(option) for option in part.options), key=len)
        return [code for each in part.parts for code in self._cheapest(each)]


def repair_deadline(repair_until: str, working_days: Sequence[str], least: int = 3) -> str:
    """Give the day until which a paper may be brought 补正期限, as an ISO date.

    It is the end of the repair window, yet never before ``least`` working days have passed.

    Args:
        repair_until: end of the repair window.
        working_days: the working days after today, in order; the caller knows the calendar.
        least: working days the family has at any rate.

    Raises:
        ValueError: fewer working days were given than are needed.
    """
    if len(working_days) < least:
        raise ValueError("working_days")
    return max(repair_until, working_days[least - 1]) if least else repair_until
