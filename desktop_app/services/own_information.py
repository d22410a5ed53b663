"""What is held of a child, for the guardian who asks 查阅、复制 (个人信息保护法 art. 45).

Of the child's own nothing is masked. What is left out is not about the child: a reviewer's notes,
the other child of a look-alike, ids that mean nothing on paper. A sealed declaration is named only:
who prints at the desk cannot open it.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.documents.own_information import OwnInformation, Pairs
from desktop_app.domain.appeals import ANSWERED
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import log_access
from desktop_app.services.appeals import AppealDesk, AppealLine
from desktop_app.services.arrivals import listed_as
from desktop_app.services.calendar import local_time
from desktop_app.services.consents import Standing, standing_at
from desktop_app.services.wording import code_label, faults_label, village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import Row, read_row, read_rows

_CHILD = (
    "full_name",
    "sex",
    "birth_date",
    "ethnic_code",
    "nationality",
    "id_type",
    "id_number",
    "birth_certificate",
    "multiple_birth",
    "sibling_enrolled",
    "primary_school",
    "national_student_no",
)
_HOME = (
    "hukou_village",
    "hukou_address",
    "hukou_nature",
    "current_village",
    "current_address",
)
_CASE = ("category", "boarding_code", "entry", "agent_relation", "paper_date")
_GUARDIAN = ("full_name", "relation", "id_type", "id_number", "phone", "basis")
_VILLAGES = frozenset({"hukou_village", "current_village"})
_PAPER_DATES = (("number", ""), ("dated", "日期 "), ("valid_to", "有效期至 "), ("due_on", "补交 "))
_DONE = {"view": "看了扫描件", "unmask": "看了证件号", "print": "打印", "export": "导出"}


class OwnInformationDesk:
    """Prints what is held of a child."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def log_print(self, record: str) -> None:
        """Note with the person's signature that the sheet is printed now.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who took it out.
            StaleError: the registration was taken back meanwhile.
        """
        log_access(self._workplace, record, "print")

    def view(self, record: str) -> OwnInformation:
        """Give what stands on the sheet, as it is held now.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            file = queries.applicant_file(connection, scope, record)
            told = standing_at(connection, scope, record)
            looked = tuple(self._looked(connection, record))
            clerk = self._person(connection, self._workplace.person)
        applicant, policy = file.applicant, self._policy
        groups = [
            ("孩子", tuple(self._facts(file, applicant, _of_child(applicant)))),
            ("户籍和住址", tuple(self._facts(file, applicant, _HOME))),
            *(("监护人", tuple(self._facts(file, one, _GUARDIAN))) for one in file.guardians),
            ("报名", (*self._facts(file, applicant, _CASE), *self._case(file))),
            ("告知和同意", tuple(_consents(told, applicant))),
        ]
        return OwnInformation(
            school=self._workplace.seat.name,
            season=f"{policy.season_year} 年秋季",
            number=applicant.text("receipt_number"),
            name=applicant.text("full_name"),
            groups=tuple((title, pairs) for title, pairs in groups if pairs),
            papers=tuple(map(self._paper, file.checks)),
            looked=looked,
            complaints=tuple(map(_complaint, AppealDesk(self._workplace).lines(record))),
            printed_at=_moment(),
            clerk=clerk,
            hotline=f"{policy.wording['hotline'].text} {policy.hotline}。",
            practice=self._workplace.practice,
        )

    # --- facts ------------------------------------------------------------------------------

    def _facts(
        self, file: ApplicantFile, row: Row, names: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        """Give the fields that have a value, and every value of one that has several."""
        for name in names:
            declared = RECORD_TYPES[row.kind].fields[name].item
            heads = [
                one.value
                for one in file.heads
                if (one.kind, one.record, one.field) == (row.kind, row.record, name)
            ]
            values = dict.fromkeys(
                self._said(name, declared.codes, one) for one in (row.values.get(name), *heads)
            )
            shown = "；另一处写 ".join(filter(None, values))
            if shown:
                yield declared.label, shown

    def _said(self, name: str, codes: str | None, value: Value) -> str:
        if value is None or isinstance(value, bool):
            return "是" if value else ""
        text = str(value)
        if name in _VILLAGES:
            return village_label(self._policy, text)
        if name == "category":
            known = self._policy.categories.get(text)
            return f"{text} {known.label}" if known is not None else text
        return code_label(codes, text) if codes else text

    def _case(self, file: ApplicantFile) -> Pairs:
        """Say where the case stands, in words a family understands; no note of a reviewer."""
        applicant = file.applicant
        at = applicant.values.get("registered_at") or applicant.created_at
        said = applicant.text("graduate")
        listed = (listed_as(said) or "在名单上") if said else ""
        disputed = "有争议，核实中" if applicant.values.get("number_disputed") else ""
        pages = f"{len(file.scans)} 页，封存" if file.scans else ""
        facts = (
            ("登记时间", _moment(int(str(at)))),
            ("毕业生名单", listed),
            ("名册有误", faults_label(applicant.text("list_fault"))),
            ("证件号码", disputed),
            ("学校审核", code_label("review", applicant.text("review")) or "还没审核"),
            ("区里答复", code_label("district_status", applicant.text("district_status"))),
            ("扫描件", pages),
            ("政策包版本", applicant.text("policy_version")),
        )
        return tuple((label, value) for label, value in facts if value)

    def _paper(self, check: Row) -> tuple[str, str, str]:
        code = check.text("material")
        known = self._policy.materials.get(code)
        more = [f"{lead}{check.text(name)}" for name, lead in _PAPER_DATES if check.text(name)]
        result = code_label("material_result", check.text("result"))
        return (known.label if known is not None else code, result, "，".join(more))

    # --- who looked -------------------------------------------------------------------------

    def _looked(self, connection: Connection, record: str) -> Iterator[tuple[str, str, str]]:
        scope = self._workplace.seat.scope
        for row in read_rows(connection, RECORD_TYPES["access"], scope, {"applicant": record}):
            copy = row.text("copy")
            done = _DONE.get(row.text("what"), "查看")
            done = f"打印回执第 {copy} 份" if copy and row.text("what") == "print" else done
            yield _moment(row.created_at), self._person(connection, row.created_by), done

    def _person(self, connection: Connection, person: str) -> str:
        row = read_row(connection, RECORD_TYPES["person"], self._workplace.seat.scope, person)
        return "区招生办" if row is None else row.text("full_name")


def _of_child(applicant: Row) -> tuple[str, ...]:
    """Name what was told of the child; why a number is disputed may speak of another child."""
    return _CHILD if applicant.values.get("number_disputed") else (*_CHILD, "identity_reason")


def _consents(told: Standing, applicant: Row) -> Iterator[tuple[str, str]]:
    if told.words:
        yield "告知", told.words
    scopes = CODE_LISTS["consent_scope"].entries
    for scope in scopes:
        yield scope.label, "同意" if scope.value in told.agreed else "没有同意"
    if applicant.text("private_note"):
        yield "私密申报", "有，已封存，只有审核员、台账员、校长和区里能打开，可以向他们当面要求查看"


def _complaint(line: AppealLine) -> tuple[str, str, str]:
    """Say what the family said, and what was answered or by when it will be."""
    at = local_time(line.at)
    until = f"{code_label('appeal_state', line.standing)}，{line.due} 前答复"
    answers = (
        f"学校：{line.answer}" if line.answer else "",
        f"区里：{line.district_answer}" if line.district_answer else "",
        "" if line.standing == ANSWERED else until,
    )
    return f"{at.month} 月 {at.day} 日 {line.matter}", line.words, "；".join(filter(None, answers))


def _moment(milliseconds: int | None = None) -> str:
    at = local_time(milliseconds)
    return f"{at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M}"
