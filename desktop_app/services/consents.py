"""What a guardian was told 告知, and what they agreed to 同意 beyond the school's duty.

Registering is a duty by law and rests on no consent; the notice is read or heard, and that is
noted. What is no duty is asked apart, is never ticked beforehand, and can be taken back at any
time (个人信息保护法 art. 13, 15, 31). Every record says one step, so that what was withdrawn is
seen to have been given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.entries import Notice
from desktop_app.policy.package import Policy
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.queries import HistoryEntry
from desktop_app.storage.rows import Row, read_rows

CONSENT = "consent"
SELF_REPORT = "self_report"
ASKED_APART = ("phone_group", "photo")
"""What the desk asks beside the notice; the private declaration asks for its own."""
READ, READ_ALOUD = "1", "2"
_TOLD = {READ: "read", READ_ALOUD: "read_aloud"}
_SHOWN_DIGITS = 16


def notice_digest(notice: Notice) -> str:
    """Give the SHA-256 of a notice as a guardian reads it: title, paragraphs, declaration."""
    lines = (notice.version, notice.title, *notice.paragraphs, notice.declaration)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def short_digest(digest: str) -> str:
    """Give the part of a digest that stands on paper, in fours."""
    short = digest[:_SHOWN_DIGITS]
    return " ".join(short[start : start + 4] for start in range(0, len(short), 4))


@dataclass(frozen=True, slots=True)
class Standing:
    """What was told of a case and what is agreed to now; ``version`` is empty where nothing was."""

    version: str = ""
    digest: str = ""
    told: str = ""
    signer: str = ""
    agreed: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Say which notice it was and how it was told, as it stands on the receipt."""
        if not self.version:
            return ""
        relations = CODE_LISTS["guardian_relation"]
        who = relations.label_of(self.signer) if self.signer in relations else ""
        how = CODE_LISTS["consent_told"].label_of(self.told) if self.told else ""
        # 父亲念给听过 would say that he read it aloud.
        aloud = self.told == _TOLD[READ_ALOUD]
        said = f"（已念给{who or '监护人'}听）" if aloud else f"（{who}{how}）"
        said = said if who or how else ""
        return f"告知书 {self.version} 版，摘要 {short_digest(self.digest)}{said}。"


def standing_of(rows: Iterable[Row]) -> Standing:
    """Fold the steps of a case, oldest first; of the notice the latest telling counts."""
    found = Standing()
    for row in rows:
        agreed = found.agreed | set(row.text("agreed").split())
        found = Standing(
            version=row.text("notice_version"),
            digest=row.text("notice_digest"),
            told=row.text("told"),
            signer=row.text("signer_relation"),
            agreed=agreed - set(row.text("withdrawn").split()),
        )
    return found


def consent_values(
    form: Mapping[str, str], policy: Policy, applicant: str, agreed: Collection[str]
) -> dict[str, Value]:
    """Give the values of the step that a registration makes."""
    return {
        "applicant": applicant,
        "notice_version": policy.notice_version,
        "notice_digest": notice_digest(policy.notice),
        "told": _TOLD.get(form.get("notice_read", ""), _TOLD[READ]),
        "signer_relation": form.get("agent_relation") or form.get("guardian_relation") or None,
        "agreed": write_scopes(agreed) or None,
    }


def read_scopes(text: str) -> frozenset[str]:
    """Read what was agreed to; what no list knows is left out."""
    return frozenset(one for one in text.split() if one in CODE_LISTS["consent_scope"])


def write_scopes(agreed: Collection[str]) -> str:
    """Write what was agreed to, in the order of the list."""
    return " ".join(one.value for one in CODE_LISTS["consent_scope"].entries if one.value in agreed)


def told_as(row: Standing) -> str:
    """Give how a notice was told, as the form takes it."""
    return next((key for key, told in _TOLD.items() if told == row.told), READ)


def take_back(work: Work, applicant: str) -> dict[str, str]:
    """Take the steps of a registration that is taken back, and give what the form held of them."""
    rows = work.rows(CONSENT, applicant=applicant)
    standing = standing_of(rows)
    for row in rows:
        work.remove(CONSENT, row.record)
    return form_fields(standing)


def settle(
    work: Work, applicant: str, form: Mapping[str, str], opened: Mapping[str, str], policy: Policy
) -> tuple[str, ...]:
    """Write what an amendment changed of the telling or the consents, and name it."""
    told = form.get("notice_read", "")
    told = told if told in _TOLD and told != opened.get("notice_read") else ""
    was, now = (read_scopes(one.get("consented", "")) for one in (opened, form))
    if not told and was == now:
        return ()
    values = _step(applicant, standing_of(work.rows(CONSENT, applicant=applicant)), policy)
    if told:
        values |= consent_values(form, policy, applicant, ())
    values |= {
        "agreed": write_scopes(now - was) or None,
        "withdrawn": write_scopes(was - now) or None,
    }
    work.create(CONSENT, values)
    return tuple(
        name for name, is_so in (("notice_read", told), ("consented", was != now)) if is_so
    )


def _step(applicant: str, before: Standing, policy: Policy) -> dict[str, Value]:
    """Give the values of a step that tells nothing new; of a case without any, today's notice."""
    return {
        "applicant": applicant,
        "notice_version": before.version or policy.notice_version,
        "notice_digest": before.digest or notice_digest(policy.notice),
        "told": before.told or _TOLD[READ],
        "signer_relation": before.signer or None,
    }


def form_fields(standing: Standing) -> dict[str, str]:
    """Give what the form holds of a case's telling and consents."""
    fields = {"notice_read": told_as(standing), "consented": write_scopes(standing.agreed)}
    return {name: text for name, text in fields.items() if text}


def standing_at(connection: Connection, scope: str, applicant: str) -> Standing:
    """Give what was told and agreed to of a case."""
    return standing_of(
        read_rows(connection, RECORD_TYPES[CONSENT], scope, {"applicant": applicant})
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What one step says as the story of a case tells it: told, agreed or withdrawn, of what."""

    entry: HistoryEntry
    applicant: str
    act: str
    words: str


def steps_told(history: Iterable[HistoryEntry]) -> Iterator[Step]:
    """Give the steps of the telling and the consents, in the order they were written.

    The consent of a private declaration is left out: that there is one is not told at a desk.
    """
    told: dict[str, tuple[str, str]] = {}
    for entry in history:
        if entry.kind != CONSENT or entry.act != "create" or entry.verdict:
            continue
        after = {change.field: str(change.after or "") for change in entry.changes}
        applicant = after.get("applicant", "")
        notice = (after.get("notice_version", ""), after.get("told", ""))
        if told.get(applicant) != notice:
            told_ways = CODE_LISTS["consent_told"]
            how = told_ways.label_of(notice[1]) if notice[1] in told_ways else ""
            yield Step(entry, applicant, "told", f"{notice[0]} 版{how}")
        told[applicant] = notice
        for name in ("agreed", "withdrawn"):
            words = "、".join(
                one.label
                for one in CODE_LISTS["consent_scope"].entries
                if one.value in after.get(name, "").split() and one.value != SELF_REPORT
            )
            if words:
                yield Step(entry, applicant, name, words)


class ConsentDesk:
    """Give and withdraw consent after the registration."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def standing(self, record: str) -> Standing:
        """Give what was told and agreed to of a case."""
        with self._workplace.database.read() as connection:
            return standing_at(connection, self._workplace.seat.scope, record)

    def set(self, record: str, scope: str, *, agreed: bool) -> Standing:
        """Note that a guardian agrees to something now, or withdraws it; nothing where it is so.

        Raises:
            StaleError: the registration is not there, or no longer.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.row("applicant", record)
            rows = work.rows(CONSENT, applicant=record)
            before = standing_of(rows)
            if (scope in before.agreed) != agreed:
                policy = self._workplace.policy
                step = {"agreed" if agreed else "withdrawn": scope}
                work.create(CONSENT, _step(record, before, policy) | step)
            return standing_of(work.rows(CONSENT, applicant=record))
