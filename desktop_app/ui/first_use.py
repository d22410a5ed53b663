"""The first use of a computer: what is looked at, how a draft is checked, how a folder is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase, QGuiApplication

from desktop_app.domain.errors import ProductError, RuleError, WorkplaceError
from desktop_app.durable.inspection import FolderReport, inspect_folder
from desktop_app.messages.catalogue import sentence
from desktop_app.security.memory import wipe
from desktop_app.security.passwords import require_strong
from desktop_app.security.persons import check_name
from desktop_app.services.progress import Progress
from desktop_app.services.seat import check_seat
from desktop_app.ui.look import FAMILIES
from desktop_app.ui.pages.first_run import FirstRunDraft, FirstRunPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language, size
from desktop_app.ui.views import FindingView, State
from desktop_app.ui.window import DESIGN_SIZE

ROOT_SUFFIX = ".root"


def _tr(words: str) -> str:
    return QCoreApplication.translate("FirstUse", words)


def first_use_page(
    folder: Path,
    tasks: Tasks,
    on_done: Callable[[], object],
    *,
    on_practice: Callable[[], object] | None = None,
) -> FirstRunPage:
    """Make the page of the first use for a folder."""

    def create(draft: FirstRunDraft) -> None:
        tasks.run(partial(make_workplace, folder, draft), page.show_recovery, refuse)

    def refuse(error: ProductError) -> None:
        page.set_busy(busy=False)
        page.show_error(error)

    page = FirstRunPage(look_around(folder), check_draft, create, on_done, on_practice=on_practice)
    return page


# --- what is looked at ------------------------------------------------------------------------


def look_around(folder: Path) -> tuple[FindingView, ...]:
    """Look at screen, fonts and the place of the data; nothing is written."""
    found = [_screen()]
    try:
        found += _place(folder, inspect_folder(folder))
    except ProductError as error:
        found.append(FindingView(State.REFUSED, _tr("不行"), _tr("资料位置"), _words(error)))
    found.append(_printer())
    return tuple(found)


def _printer() -> FindingView:
    """See whether there is a printer; a registration never waits for one."""
    from desktop_app.ui.printing.printer import SystemPrinter

    try:
        SystemPrinter().require()
    except WorkplaceError:
        words = _tr("没找到。可以先登记，接上后 F9 补打")
        return FindingView(State.NEEDS, _tr("注意"), _tr("打印机"), words)
    return FindingView(State.DONE, _tr("通过"), _tr("打印机"), _tr("找到了"))


def _screen() -> FindingView:
    """Judge screen and fonts."""
    area = QGuiApplication.primaryScreen().size()
    families = set(QFontDatabase.families())
    font = next((name for name in FAMILIES if name in families), "")
    title = _tr("屏幕与字体")
    if not font:
        return FindingView(
            State.REFUSED, _tr("不行"), title, _tr("没有中文字体，请装 Noto Sans CJK 或雅黑")
        )
    words = f"{area.width()}×{area.height()}，{font}"
    if area.width() < DESIGN_SIZE.width() or area.height() < DESIGN_SIZE.height():
        return FindingView(
            State.NEEDS,
            _tr("注意"),
            title,
            _tr("{words}；小于 1366×768，会要滚动").format(words=words),
        )
    return FindingView(State.DONE, _tr("通过"), title, words)


def _place(folder: Path, report: FolderReport) -> list[FindingView]:
    """Judge the disk the data is to lie on."""
    lines = [
        FindingView(
            State.REFUSED if one.blocks else State.NEEDS,
            _tr("不行") if one.blocks else _tr("注意"),
            _tr("资料位置"),
            _words(WorkplaceError(one.code, **dict(one.details))),
        )
        for one in report.findings
    ]
    if not lines:
        lines.append(FindingView(State.DONE, _tr("通过"), _tr("资料位置"), str(folder)))
    space = _tr("剩 {size}").format(size=size(report.free))
    ample = not any(one.code == "folder.nearly_full" for one in report.findings)
    if ample:
        lines.append(FindingView(State.DONE, _tr("通过"), _tr("磁盘空间"), space))
    return lines


def _words(error: ProductError) -> str:
    said = sentence(error, language())
    return f"{said.what}{said.now}"


# --- checking and making ------------------------------------------------------------------------


def check_draft(seat: str, code: str, name: str, password: str) -> Mapping[str, str]:
    """Name everything that is wrong with a draft, in a few words each."""
    rules: tuple[tuple[str, Callable[[], object]], ...] = (
        ("code", lambda: check_known(seat, code)),
        ("name", lambda: check_name(name)),
        ("password", lambda: require_strong(password, name)),
    )
    wrong = {}
    for field, rule in rules:
        try:
            rule()
        except RuleError as error:
            wrong[field] = _short(error)
    return wrong


def check_known(seat: str, code: str) -> None:
    """Refuse a school or district the policy package does not know: it could never join.

    Raises:
        RuleError: ``seat.unknown``, ``seat.code``, ``seat.unknown_school``.
    """
    from desktop_app.services.policies import shipped_policy

    check_seat(seat, code)
    policy = shipped_policy()
    if code not in ({policy.district} if seat == "district" else policy.schools):
        raise RuleError("seat.unknown_school")


def _short(error: RuleError) -> str:
    """Say a mistake in the few characters beside a field."""
    reasons = {
        "short": _tr("太短，至少 8 位"),
        "digits": _tr("全是数字要 10 位"),
        "simple": _tr("太容易猜到"),
        "name": _tr("不能是姓名"),
        "long": _tr("太长"),
    }
    if error.code == "seat.code":
        return _tr("要 {digits} 位数字").format(digits=error.details["digits"])
    if error.code == "seat.unknown_school":
        return _tr("没有这个代码，请核对")
    if error.code == "vault.weak_password":
        return reasons.get(str(error.details.get("reason")), _tr("换一个"))
    return _tr("不能用，请改")


def make_workplace(folder: Path, draft: FirstRunDraft, _progress: Progress) -> str:
    """Make vault and database of a seat, and give the recovery code.

    A district also gets its root, beside the data folder until it is carried to its safe.

    Raises:
        ProductError: as ``create_workplace``.
    """
    from desktop_app.durable.files import make_private_folder
    from desktop_app.services.code_copied import await_copy
    from desktop_app.services.district_office import DistrictOffice
    from desktop_app.services.policies import shipped_policy
    from desktop_app.services.setup import NewFolder, create_workplace
    from desktop_app.services.workplace import closing

    policy = shipped_policy()
    school = policy.schools.get(draft.code)
    label = school.label if school is not None else draft.code
    if draft.code == policy.district:
        label = policy.district_label
    try:
        new = NewFolder(folder, draft.seat, draft.code, label, draft.name)
        make_private_folder(folder)
        await_copy(folder)
        workplace, code = create_workplace(new, draft.password, policy)
        with closing(workplace):
            if draft.seat == "district":
                root = folder.with_name(folder.name + ROOT_SUFFIX)
                DistrictOffice(workplace).found(root, draft.password)
    finally:
        wipe(draft.password)
    return code
