"""Who answers a complaint 诉求, and what is kept from whom (domain reference §10.1).

A complaint about what papers are asked for, or where a child is placed, is answered within five
working days. A school closes none about its own conduct: it goes to the district. What is said at
the district travels to the school with the child, so none about the school is written there.
"""

from __future__ import annotations

OPEN, ANSWERED, PASSED_ON = "open", "answered", "passed_on"
WORKING_DAYS = 5
LONGEST = 400

ABOUT_SCHOOL = frozenset({"conduct"})
"""What is about the school itself."""


def why_not_write(matter: str, *, district: bool) -> str:
    """Give the code of why a complaint is not written down here, or nothing."""
    return "appeal.confidential" if district and matter in ABOUT_SCHOOL else ""


def why_not_answer(matter: str, standing: str, *, district: bool) -> str:
    """Give the code of why a complaint is not answered here, or nothing."""
    if standing == ANSWERED or (standing == PASSED_ON and not district):
        return "appeal.settled"
    return "appeal.about_school" if matter in ABOUT_SCHOOL and not district else ""


def why_not_pass_on(standing: str, *, district: bool) -> str:
    """Give the code of why a complaint is not passed on to the district from here, or nothing."""
    return "appeal.settled" if standing != OPEN or district else ""


def waits_here(standing: str, *, district: bool) -> bool:
    """Say whether a complaint waits for whoever sits here."""
    return standing == (PASSED_ON if district else OPEN)
