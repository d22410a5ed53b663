"""The made-up families of practice: some registered by the trainer, one for the first case."""

from __future__ import annotations

import secrets

from desktop_app.commands.demo_school import decide_look_alikes
from desktop_app.commands.families import make_families
from desktop_app.domain.errors import RuleError
from desktop_app.services.practice import Lesson
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace

REGISTERED = 8
_DRAWN = 60
_ASKED = ("id_number", "guardian_id_number", "guardian_phone", "current_address", "hukou_nature")


def furnish_practice(workplace: Workplace) -> Lesson:
    """Register made-up families as whoever is at work, and give one more as the lesson."""
    school = workplace.seat.code
    families = make_families(_DRAWN, secrets.randbits(32), workplace.policy, school=school)
    plain = [one for one in families if one.category == "A1" and not one.traits]
    lesson = next((one for one in plain if all(getattr(one, name) for name in _ASKED)), plain[0])
    desk, done = RegistrationDesk(workplace), 0
    for family in families:
        if family is lesson or done == REGISTERED:
            continue
        form = family.form()
        try:
            desk.register(form, decide_look_alikes(desk, form))
        except RuleError:  # one that the desk stops, too young for instance
            continue
        done += 1
    return lesson.form()
