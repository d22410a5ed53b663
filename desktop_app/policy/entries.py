"""The entries of a policy package, one frozen value each, every one with its basis."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.materials import AllOf

DEFAULT_BASIS = "默认建议，区教体局可改"
"""Basis of a proposal of ours that a district has not confirmed."""
EXAMPLE_BASIS = "示例，区教体局公布后替换"
"""Basis of made-up places and schools that stand until the district publishes its own."""


def is_example(basis: str) -> bool:
    """Tell whether an entry of this basis is made up and must be replaced before real use."""
    return basis.startswith(EXAMPLE_BASIS)


def shown_basis(basis: str) -> str:
    """Give a basis as it is shown beside what rests on it; an example's is said to be none."""
    if not is_example(basis):
        return basis
    return f"示例数据，不能当依据{basis.removeprefix(EXAMPLE_BASIS)}"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that entries may rest on, by its number or title as it is cited."""

    number: str
    title: str
    issuer: str
    issued: str
    """ISO date, empty where we could not verify it."""


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of paper 材料 and how it is handled."""

    code: str
    label: str
    issuer: str
    verifier: str
    original_seen: bool
    keep: str
    """none, number or copy: what remains at the school once the family has gone."""
    fields: tuple[str, ...]
    validity: str
    reasons: tuple[str, ...]
    when: str
    """registration, system (found by a data match) or after_start (never before the term)."""
    basis: str
    is_childs_own: bool = False
    """Whether it is one child's own: a brother's or sister's is looked at anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer at the desk: it leads to another question, or to a category."""

    label: str
    category: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question 分诊 that leads to a family's category; the first of a package begins."""

    code: str
    text: str
    answers: tuple[Answer, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Papers that come to those of a category: for one way of coming 来源, or for 代办."""

    when: str
    required: AllOf
    optional: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason to ask for a correction 补正 or to send a case back 退回."""

    code: str
    label: str
    remedy: str
    scope: str
    """material, record or both."""
    field: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Township:
    """A township or street 乡镇（街道） with its 12-digit code."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Village:
    """An administrative village or community 行政村（社区） with its 12-digit code."""

    code: str
    label: str
    township: str
    groups: int
    estates: tuple[str, ...]
    is_invented: bool


@dataclass(frozen=True, slots=True)
class School:
    """A school that takes children in."""

    code: str
    label: str
    mark: str
    """Three letters that stand on receipts."""
    stage: str
    township: str
    is_public: bool
    classes: int
    class_size: int
    address: str
    phone: str
    is_example: bool
    basis: str

    @property
    def plan(self) -> int:
        """How many children the published plan lets in."""
        return self.classes * self.class_size


@dataclass(frozen=True, slots=True)
class Window:
    """A dated step of the season; times are local, to the minute."""

    code: str
    label: str
    stages: tuple[str, ...]
    opens: str
    closes: str
    basis: str


@dataclass(frozen=True, slots=True)
class RankingKey:
    """One published key by which applicants over plan are ordered."""

    by: str
    ascending: bool


@dataclass(frozen=True, slots=True)
class CheckPart:
    """A part of a self-check item that needs its own answer."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One question of the self-check 自查 or one of the ten prohibitions 十项严禁."""

    code: str
    task: str
    question: str
    parts: tuple[CheckPart, ...]
    clauses: tuple[str, ...]
    levels: tuple[str, ...]
    expected: str
    """yes or no."""
    evidence: str
    basis: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the notices' 工作要求 that an inspector asks for, without 是否."""

    code: str
    text: str
    notices: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Everything a school or district answers for at an inspection 排查."""

    items: tuple[CheckItem, ...]
    prohibitions: tuple[CheckItem, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """The policy sentence of one field, shown on F1."""

    field: str
    label: str
    sentence: str
    basis: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """The information notice 告知书 that guardians read or hear."""

    version: str
    title: str
    paragraphs: tuple[str, ...]
    declaration: str
    basis: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences on receipts and slips."""

    code: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Until when papers may come."""

    repair_until: str
    repair_time: str
    least_working_days: int
    holidays: tuple[str, ...]
    extra_workdays: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days after the season each kind of data is kept."""

    unsuccessful: int
    match_list_source: int
    material_rows: int
    images: int
    basis: str
