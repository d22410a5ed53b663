"""Lists taken out 导出 as a workbook: masked, or whole by the principal, and always logged.

Each child's entry says with a signature who took it out and what for, before the file is written;
every sheet says the same, so that a printed or forwarded copy is known by its reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.documents.writer import SheetContent, export_note, write_workbook
from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.masks import mask_name, mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import note_access
from desktop_app.services.blank_form import unused
from desktop_app.services.laptops import Names
from desktop_app.services.lists import DRAFT, FILTERS
from desktop_app.services.people import PeopleDesk
from desktop_app.services.practice import refuse_practice
from desktop_app.services.progress import Progress
from desktop_app.services.wording import category_label, code_label, paper_label, village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import Row, read_rows

SHOWN = tuple(one for one in FILTERS if one != DRAFT)
"""The lists that can be taken out: drafts are nobody's registration."""
REASON_MOST = 60
_PAGE = 500
_MONTH = len("2018-03")
"""A masked number hides the day of birth; the day itself would give it away."""
_HEADERS = (
    ("回执号", 16.0),
    ("姓名", 12.0),
    ("证件类型", 12.0),
    ("证件号", 22.0),
    ("性别", 6.0),
    ("出生日期", 12.0),
    ("户籍村（居）", 16.0),
    ("户籍地址", 24.0),
    ("报名类别", 24.0),
    ("监护人姓名", 12.0),
    ("与儿童关系", 12.0),
    ("监护人证件号", 22.0),
    ("联系电话", 14.0),
    ("审核", 10.0),
    ("还缺的材料", 24.0),
    ("登记时间", 18.0),
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A list that was taken out."""

    name: str
    rows: int
    whole: bool


class ExportDesk:
    """Takes lists out of the database."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def may_whole(self) -> bool:
        """Say whether the acting person may take numbers out unmasked."""
        return Role.PRINCIPAL in PeopleDesk(self._workplace).roles()

    def count(self, which: str) -> int:
        """Count the children of a list."""
        with self._workplace.database.read() as connection:
            return queries.counts(connection, self._workplace.seat.scope)[which]

    def export(
        self,
        which: str,
        place: Path,
        reason: str,
        *,
        whole: bool = False,
        progress: Progress | None = None,
    ) -> Exported:
        """Write a list into a folder; that it was taken out is logged before.

        Raises:
            RuleError: ``export.reason``: no word why; ``people.not_granted``: nobody would count
                who took it out; ``export.principal``: only a principal takes
                numbers out whole; ``export.nobody``: the list is empty.
            WorkplaceError: the disk refused.
        """
        refuse_practice(self._workplace)
        why = " ".join(reason.split())[:REASON_MOST]
        if not why:
            raise RuleError("export.reason")
        PeopleDesk(self._workplace).must_count()
        if whole and not self.may_whole():
            raise RuleError("export.principal")
        with self._workplace.database.read() as connection:
            children = self._children(connection, which)
            guardians = self._guardians(connection)
            who = Names(connection, self._workplace).person(self._workplace.person)
        if not children:
            raise RuleError("export.nobody")
        rows = [self._cells(one, guardians.get(one.record), whole=whole) for one in children]
        self._log(children, why, progress)
        now = dt.datetime.now().astimezone()
        path = unused(place, f"名单-{now:%Y%m%d-%H%M}", ".xlsx")
        write_workbook(path, self._sheets(rows, who, f"{now:%Y-%m-%d %H:%M}", why, whole=whole))
        return Exported(path.name, len(rows), whole)

    def _log(self, children: Sequence[Row], why: str, progress: Progress | None) -> None:
        """Note for every child that it was taken out, by whom and what for."""
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for done, one in enumerate(children):
                if progress is not None:
                    progress.step(done, len(children), "export")
                note_access(work, one.record, "export", reason=why)

    def _sheets(
        self, rows: Sequence[Sequence[str]], who: str, when: str, why: str, *, whole: bool
    ) -> list[SheetContent]:
        """Give the list, marked with who took it out, and the sheet that says so in full."""
        mark = f"{who} {when} 导出，用途：{why}"
        if self._workplace.practice:
            mark = f"练习，不作数。{mark}"
        names, widths = zip(*_HEADERS, strict=True)
        content = SheetContent("名单", names, [*rows, (), (mark,)], widths, footer=mark)
        return [
            content,
            export_note(who=who, when=when, why=why, rows=len(rows), masked=not whole),
        ]

    def _children(self, connection: Connection, which: str) -> list[Row]:
        """Give the children of a list, oldest first."""
        scope = self._workplace.seat.scope
        wanted = set(_records(connection, scope, which))
        rows = read_rows(connection, RECORD_TYPES["applicant"], scope, {})
        return [row for row in rows if row.record in wanted]

    def _guardians(self, connection: Connection) -> dict[str, Row]:
        scope = self._workplace.seat.scope
        rows = read_rows(connection, RECORD_TYPES["guardian"], scope, {})
        return {row.text("applicant"): row for row in reversed(rows)}

    def _cells(self, child: Row, guardian: Row | None, *, whole: bool) -> tuple[str, ...]:
        def number(text: str) -> str:
            return text if whole else mask_number(text)

        def name(text: str) -> str:
            return text if whole else mask_name(text)

        by = guardian.text if guardian is not None else _nothing
        missing = (
            paper_label(self._policy, one) for one in child.text("missing_materials").split()
        )
        return (
            child.text("receipt_number"),
            name(child.text("full_name")),
            code_label("id_type", child.text("id_type")),
            number(child.text("id_number")),
            code_label("sex", child.text("sex")),
            child.text("birth_date") if whole else child.text("birth_date")[:_MONTH],
            village_label(self._policy, child.text("hukou_village")),
            child.text("hukou_address") if whole else "",
            category_label(self._policy, child.text("category")),
            name(by("full_name")),
            code_label("guardian_relation", by("relation")),
            number(by("id_number")),
            by("phone") if whole else mask_phone(by("phone")),
            code_label("review", child.text("review")) or "待审核",
            "、".join(dict.fromkeys(missing)),
            _local(child.created_at),
        )


def _nothing(_name: str) -> str:
    return ""


def _local(at: int) -> str:
    return f"{dt.datetime.fromtimestamp(at / 1000).astimezone():%Y-%m-%d %H:%M}"


def _records(connection: Connection, scope: str, which: str) -> Iterator[str]:
    """Name the records of a list, page by page."""
    if which not in SHOWN:
        raise RuleError("export.nobody")
    after = None
    while True:
        page = queries.applicant_page(connection, scope, which, after, _PAGE)
        yield from (line.record for line in page.lines)
        if page.after is None:
            return
        after = page.after
