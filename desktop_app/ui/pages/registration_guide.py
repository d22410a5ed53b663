"""The guided first case of practice 练习: beside the form stands what to type, why, and which key.

It watches the form from outside and speaks in the page's banner; what the form itself has to say
goes first. The case of the lesson, saved right, ends it with what was right.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer

from desktop_app.documents.receipt import public_wording
from desktop_app.policy.package import Policy
from desktop_app.services.form import MATERIAL_PREFIX
from desktop_app.services.wording import paper_label
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.views import BannerView, State
from desktop_app.ui.widgets.choice import CheckInput, SegmentedChoice
from desktop_app.ui.widgets.pick import PickInput

_SAME = ("hukou_village", "current_village"), ("hukou_address", "current_address")
_LEFT_OUT = frozenset({"id_type", "guardian_id_type", "sex", "birth_date"})
"""What the numbers say by themselves, or stands there already."""
_YES = "1"


def lesson_fields(lesson: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Give what a hand types of a lesson, field by field in the order of the form."""
    values = dict(lesson)
    if all(values.get(one) == values.get(other) for one, other in _SAME):
        values["same_address"] = _YES
        for _, other in _SAME:
            values.pop(other, None)
    return {name: values[name] for name in names if values.get(name) and name not in _LEFT_OUT}


class Guide(QObject):
    """Leads through one case; silent for good once that was saved."""

    def __init__(self, page: RegistrationPage, policy: Policy, lesson: Mapping[str, str]) -> None:
        """Take the page, the policy whose sentences say why, and the made-up family."""
        super().__init__(page)
        self._page, self._policy = page, policy
        self.steps = lesson_fields(lesson, page.form.names())
        papers = [name for name in lesson if name.startswith(MATERIAL_PREFIX)]
        self._papers = tuple(name.removeprefix(MATERIAL_PREFIX) for name in papers)
        self.ended = False
        self._told: BannerView | None = None
        self._result: BannerView | None = None
        page.form.entered.connect(self._soon)
        page.form.changed.connect(self._moved)
        page.saver.saved.connect(self._saved)
        page.live.refreshed.connect(self._soon)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.tell)
        self._soon()

    def _soon(self, *_what: object) -> None:
        self._timer.start()

    def _moved(self, *_what: object) -> None:
        """Go on after a result was read: the next key begins the next step."""
        self._result = None
        self._soon()

    # --- what is said -----------------------------------------------------------------------

    def tell(self) -> None:
        """Say the step of now, unless the form has something to say itself."""
        here = self._page.banner_place.view
        if here is not None and here != self._told:
            return
        if self.ended and self._result is None:
            if here is not None and here == self._told:
                self._page.show_banner(None)
            return
        view = self._result or self._step()
        if view != here:
            self._told = view
            self._page.show_banner(view)

    def _step(self) -> BannerView:
        """Say what to type in the field of now, why, and which key."""
        form = self._page.form
        name = form.current() or self._page.keeper.caret
        open_ones = [one for one in self.steps if not self.is_right(one)]
        if not open_ones:
            return self._last_step()
        label = form.label_of(name) if name in form.names() else ""
        if name not in self.steps:
            what = self.tr("练习 · {label}：这一家不用填，按 Enter 往下走")
            return BannerView(State.WAITING, what.format(label=label), self._why(name))
        place, count = list(self.steps).index(name) + 1, len(self.steps)
        if self.is_right(name):
            what = self.tr("练习 {place}/{count} · {label}：对了，按 Enter 到下一格")
        else:
            what = self.tr("练习 {place}/{count} · {label}：{how}")
        words = what.format(place=place, count=count, label=label, how=self.how(name))
        return BannerView(State.WAITING, words, self._why(name))

    def _last_step(self) -> BannerView:
        names = "、".join(paper_label(self._policy, one) for one in self._papers)
        what = self.tr("练习 · 都填对了：按 F6，看过的原件按数字，再按 F10 保存")
        papers = self.tr("这一家带来了：{names}。没带的不拦，可以容缺。").format(names=names)
        return BannerView(State.WAITING, what, papers if names else "")

    def how(self, name: str) -> str:
        """Say what is pressed in a field to enter the value of the lesson."""
        value, control = self.steps[name], self._page.form.control(name)
        if isinstance(control, CheckInput):
            return self.tr("按空格打勾，再按 Enter")
        if isinstance(control, (PickInput, SegmentedChoice)):
            found = next((one for one in control.options if one.code == value), None)
            if found is not None:
                keys = min(found.keys, key=len, default=found.code)
                words = self.tr("选“{label}”，可输 {keys}，再按 Enter")
                return words.format(label=found.label, keys=keys)
        return self.tr("输 {value}，再按 Enter").format(value=value)

    def _why(self, name: str) -> str:
        """Say why a field is asked for, with the document that says so."""
        found = self._policy.field_help.get(name)
        if found is None:
            return ""
        source = public_wording(found.basis, "")
        return f"{found.sentence}（{source}）" if source else found.sentence

    def is_right(self, name: str) -> bool:
        """Tell whether a field holds what the lesson says."""
        return self._same(name, self._page.form.value(name))

    def _same(self, name: str, value: str) -> bool:
        return "".join(value.split()) == "".join(self.steps[name].split())

    # --- the end ----------------------------------------------------------------------------

    def _saved(self, _record: str, form: Mapping[str, str]) -> None:
        """End with what was right, or say what differs from the papers of the family."""
        if self.ended:
            return
        if form.get("id_number") != self.steps.get("id_number"):
            self.ended = True  # somebody tries a case of their own
            self._soon()
            return
        label = self._page.form.label_of
        right = [label(one) for one in self.steps if self._same(one, form.get(one, ""))]
        wrong = [label(one) for one in self.steps if not self._same(one, form.get(one, ""))]
        if wrong:
            what = self.tr("存好了，但和证件不一样：{names}").format(names="、".join(wrong))
            now = self.tr("按 Ctrl+Z 再按 Ctrl+Enter 撤回来改对，再存一次。")
            self._result = BannerView(State.NEEDS, what, now)
        else:
            self.ended = True
            what = self.tr("第一件办对了：{count} 格都和证件一致").format(count=len(right))
            now = self.tr("对的有：{names}。接着自己试，F12 离开练习，什么也不留。")
            self._result = BannerView(State.DONE, what, now.format(names="、".join(right)))
        self._soon()
