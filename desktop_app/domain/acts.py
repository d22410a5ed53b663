"""Acts of authority: what only a signature of a person with a role can do (design §5).

Everything else needs no signature but the feed's own; roles at the screen are courtesy, these are
what separates people.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType


class Role(enum.StrEnum):
    """A role 角色 a person may be granted (domain reference §5.4)."""

    REGISTRAR = "registrar"
    REVIEWER = "reviewer"
    LEDGER_OFFICER = "ledger_officer"
    PRINCIPAL = "principal"
    OFFICER = "officer"
    AUDITOR = "auditor"


SCHOOL_ROLES = frozenset({Role.REGISTRAR, Role.REVIEWER, Role.LEDGER_OFFICER, Role.PRINCIPAL})
DISTRICT_ROLES = frozenset({Role.OFFICER, Role.AUDITOR})
REVIEWERS = frozenset({Role.REVIEWER, Role.PRINCIPAL})
ANY_ROLE = SCHOOL_ROLES | DISTRICT_ROLES

ROLE_LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.REGISTRAR: "登记员",
        Role.REVIEWER: "审核员",
        Role.LEDGER_OFFICER: "台账员",
        Role.PRINCIPAL: "校长",
        Role.OFFICER: "招生办",
        Role.AUDITOR: "督导",
    }
)

_SIGNED_KINDS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "feed_limit": frozenset({Role.OFFICER}),
        "admission": frozenset({Role.OFFICER}),
        "bundle_export": ANY_ROLE,
        "day_close": frozenset({Role.PRINCIPAL}),
        "acknowledgement": frozenset({Role.OFFICER}),
        "erasure": frozenset({Role.PRINCIPAL, Role.OFFICER}),
        "cross_duplicate": frozenset({Role.OFFICER}),
        "access": ANY_ROLE,
        "correction": REVIEWERS,
        "policy_package": frozenset({Role.OFFICER}),
        "policy_refusal": ANY_ROLE,
    }
)

LASTING_KINDS = (frozenset(_SIGNED_KINDS) - {"correction"}) | {"person"}
"""Kinds nobody erases: what people answer for stays, and names no child but by a random id.

A correction names the paper that proves it, and goes with its child.
"""

_SIGNED_FIELDS: Mapping[str, Mapping[str, frozenset[Role]]] = MappingProxyType(
    {
        "applicant": {
            "review": REVIEWERS,
            "review_reason": REVIEWERS,
            "review_field": REVIEWERS,
            "review_note": REVIEWERS,
            "district_status": frozenset({Role.OFFICER}),
            "district_reason": frozenset({Role.OFFICER}),
            "district_note": frozenset({Role.OFFICER}),
        },
        "appeal": {"answer": ANY_ROLE, "district_answer": frozenset({Role.OFFICER})},
    }
)


_PERSONS: Mapping[str, int] = MappingProxyType({"correction": 2})


def persons_for(kind: str) -> int:
    """Give how many persons, each with a role, sign a record of a kind."""
    return _PERSONS.get(kind, 1)


def may_correct(signers: Collection[frozenset[Role]]) -> bool:
    """Say whether persons with these roles may correct a passed case together 更正.

    Two of them at least, each let in with a role, and one of them may review.
    """
    enough = len(signers) >= persons_for("correction") and all(signers)
    return enough and bool(frozenset[Role]().union(*signers) & REVIEWERS)


def roles_for(kind: str, fields: Iterable[str]) -> frozenset[Role] | None:
    """Give the roles of which one must sign, or None where no person's signature is needed."""
    needed: frozenset[Role] | None = _SIGNED_KINDS.get(kind)
    for name in fields:
        roles = _SIGNED_FIELDS.get(kind, {}).get(name)
        if roles is not None:
            needed = roles if needed is None else needed & roles
    return needed


def read_roles(text: str) -> frozenset[Role]:
    """Read roles written one after the other with spaces; what is not known is left out."""
    known = {role.value for role in Role}
    return frozenset(Role(word) for word in text.split() if word in known)


def write_roles(roles: Iterable[Role]) -> str:
    """Write roles the way ``read_roles`` reads them, in one order."""
    return " ".join(sorted(role.value for role in roles))
