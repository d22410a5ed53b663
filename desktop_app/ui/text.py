"""Words the whole window shares: the language, moments as a person says them, and numbers.

Chinese is the source; English comes from ``resources/text/i18n`` when it has been compiled.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from PySide6.QtCore import QCoreApplication, QTranslator

from desktop_app.durable.places import resource_path

Language = Literal["zh", "en"]


class _Spoken:
    """The language of the window, and the translator that is installed for it."""

    language: Language = "zh"
    translator: QTranslator | None = None


def language() -> Language:
    """Tell the language of the window."""
    return _Spoken.language


def speaks_english() -> bool:
    """Tell whether the English words have been compiled into this package."""
    return resource_path("text", "i18n", "en.qm").is_file()


def speak(wanted: Language) -> bool:
    """Switch the language of everything made from now on; tell whether its words are there."""
    application = QCoreApplication.instance()
    if _Spoken.translator is not None:
        QCoreApplication.removeTranslator(_Spoken.translator)
        _Spoken.translator = None
    _Spoken.language = "zh"
    if wanted == "zh" or application is None:
        return wanted == "zh"
    translator = QTranslator(application)
    if not translator.load(str(resource_path("text", "i18n", f"{wanted}.qm"))):
        return False
    QCoreApplication.installTranslator(translator)
    _Spoken.translator, _Spoken.language = translator, wanted
    return True


def _tr(words: str) -> str:
    """Translate words of this module."""
    return QCoreApplication.translate("Text", words)


def moment(utc_milliseconds: int, now: datetime | None = None) -> str:
    """Say a stored moment in local time as a person does: 今天 14:05, 昨天 17:40, 8月12日 09:00.

    Stored moments are UTC milliseconds; ``now`` is local and only given by tests.
    """
    here = now or datetime.now().astimezone()
    then = datetime.fromtimestamp(utc_milliseconds / 1000, tz=here.tzinfo)
    clock = f"{then:%H:%M}"
    days = here.date() - then.date()
    if not days:
        return _tr("今天 {clock}").format(clock=clock)
    if days == timedelta(days=1):
        return _tr("昨天 {clock}").format(clock=clock)
    if then.year == here.year:
        return _tr("{month}月{day}日 {clock}").format(month=then.month, day=then.day, clock=clock)
    return f"{then:%Y-%m-%d} {clock}"


def day_or_moment(utc_milliseconds: int, now: datetime | None = None) -> str:
    """Say a moment in a narrow column: the clock of today and yesterday, of other days the day."""
    here = now or datetime.now().astimezone()
    then = datetime.fromtimestamp(utc_milliseconds / 1000, tz=here.tzinfo)
    if here.date() - then.date() <= timedelta(days=1):
        return moment(utc_milliseconds, here)
    if then.year == here.year:
        return _tr("{month}月{day}日").format(month=then.month, day=then.day)
    return f"{then:%Y-%m-%d}"


def clock_of(now: datetime) -> str:
    """Say the time of the masthead clock."""
    return f"{now:%H:%M}"


def size(octets: int) -> str:
    """Say a size on a stick or disk."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if octets >= one:
            return f"{octets / one:.1f} {unit}"
    return f"{octets} B"
