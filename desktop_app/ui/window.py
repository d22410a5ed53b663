"""The main window: masthead, navigation, the page of now, strip, key bar.

It knows pages and plain values, no services. Global keys: F1 help, F11 larger type, F12 lock,
Alt+digit, then Alt+0 - =, another page; everything else is the page's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.idle import IdleWatch
from desktop_app.ui.look import Look, Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.shortcuts import KeyMap
from desktop_app.ui.theme import apply_look
from desktop_app.ui.units import row
from desktop_app.ui.views import (
    BannerView,
    KeyAction,
    MastheadView,
    NavItem,
    State,
    StripView,
)
from desktop_app.ui.widgets.help import HelpPanel, help_words
from desktop_app.ui.widgets.keybar import KeyBar
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.masthead import Masthead
from desktop_app.ui.widgets.navigation import PLACES, Navigation, place_of
from desktop_app.ui.widgets.strip import Strip

DESIGN_SIZE = QSize(1366, 768)
_REACHED_FOR = ("F4", "F8", "F10")
"""Keys with a main meaning on some pages: silence on another looks like a program that hangs."""


class PageStack(QStackedWidget):
    """The pages; only the one of now decides how small the window may be."""

    def minimumSizeHint(self) -> QSize:
        """Need what the page of now needs."""
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()

    def event(self, event: QEvent) -> bool:
        """Tell the window when the page of now needs more, or less: Qt keeps what it was told."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class Window(QWidget):
    """The one window of the workstation."""

    look_changed = Signal(object)
    page_changed = Signal(str)

    def __init__(
        self,
        *,
        on_lock: Callable[[], object] | None = None,
        on_close: Callable[[], bool] | None = None,
    ) -> None:
        """Take what locks the workstation, and what may refuse to close the window."""
        super().__init__()
        self.setProperty("r", "window")
        self._on_lock = on_lock
        self._on_close = on_close
        self._items: tuple[NavItem, ...] = ()
        self._pages: dict[str, Page] = {}
        self._promised: dict[str, Callable[[], Page]] = {}
        self._current: Page | None = None
        self._idle: IdleWatch | None = None
        self._build()
        self._keys = KeyMap(self)
        self._keys.bind("F1", self.toggle_help)
        self._keys.bind("F11", self.larger)
        self._keys.bind("F12", self.lock)
        esc = self._keys.bind("Esc", self._help.hide)
        esc.setEnabled(False)
        self._help.shown.connect(esc.setEnabled)  # the page below loses nothing by it
        for place in PLACES:
            self._keys.bind(f"Alt+{place}", partial(self._open_place, place))
        self.setWindowTitle(self.tr("阳光招生离线工作站"))

    def _build(self) -> None:
        """Make the parts and put them in their places."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.masthead = Masthead(self)
        self.navigation = Navigation(self)
        self.stack = PageStack(self)
        self.strip = Strip(self)
        self.key_bar = KeyBar(self)
        outer.addWidget(self.masthead)
        self._middle = row(None, 0)
        self._middle.addWidget(self.navigation)
        self._middle.addWidget(self.stack, 1)
        outer.addLayout(self._middle, 1)
        outer.addWidget(self.strip)
        outer.addWidget(self.key_bar)
        self._help = HelpPanel(self)
        self.strip.fell_silent.connect(self._show_strip)
        self.navigation.chosen.connect(self.open_page)
        self.masthead.nav_clicked.connect(self._toggle_navigation)

    # --- pages ------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """Tell the page of now."""
        return self._current

    def page_of(self, nav_key: str) -> Page | None:
        """Give the page of a key, if there is one; one that was promised is made now."""
        make = self._promised.pop(nav_key, None)
        if make is not None:
            self.add_page(make())
        return self._pages.get(nav_key)

    def promise_page(self, nav_key: str, make: Callable[[], Page]) -> None:
        """Take what makes a page, for when it is wanted."""
        self._promised[nav_key] = make

    @property
    def promised(self) -> tuple[str, ...]:
        """Name the pages that have not been made yet."""
        return tuple(self._promised)

    def add_page(self, page: Page) -> None:
        """Take a page, reached by its ``nav_key``."""
        self._pages[page.nav_key] = page
        self.stack.addWidget(page)
        page.keys_changed.connect(self._page_keys_changed)
        page.help_changed.connect(self._refresh_help)
        page.arrange()

    def set_navigation(self, items: Sequence[NavItem]) -> None:
        """Show the entries of the navigation with their badges."""
        self._items = tuple(items)
        self.navigation.set_items(items)
        self._name_page()

    def open_page(self, nav_key: str) -> None:
        """Show a page, leaving the one of now."""
        page = self.page_of(nav_key)
        if look().shape is Shape.NARROW:
            self.navigation.hide()
        if page is None or page is self._current:
            return
        if self._current is not None:
            self._current.on_leave()
        self._help.hide()
        self._current = page
        self.stack.setCurrentWidget(page)
        self._arrange()
        self._show_keys()
        page.on_enter()
        self.page_changed.emit(nav_key)

    def remove_page(self, nav_key: str) -> None:
        """Forget a page (the login, once it has done its work)."""
        page = self._pages.pop(nav_key)
        self.stack.removeWidget(page)
        if page is self._current:
            self._current = None
        page.hide()
        page.deleteLater()

    def _open_place(self, place: str) -> None:
        """Show the page of an Alt+digit, or of a sign after the digits."""
        if self._current is None or self._current.bare:
            return
        for index, item in enumerate(self._items):
            if place_of(index, item) == place:
                self.open_page(item.key)
                return

    def _name_page(self) -> None:
        """Mark the page of now in navigation and masthead."""
        page = self._current
        key = (page.within or page.nav_key) if page is not None else ""
        self.navigation.set_current(key)
        self.masthead.set_nav(page.title if page is not None else "")
        for number, item in enumerate(self._items):
            if item.key == key:
                self.masthead.set_nav(f"{place_of(number, item)} {item.label}".strip())

    # --- what the window shows --------------------------------------------------------------

    def mark_practice(self) -> None:
        """Say on every page from now on that all of this is made up 练习."""
        self.masthead.set_practice()
        self.navigation.say_lock(self.tr("离开练习"))

    def set_masthead(self, view: MastheadView) -> None:
        """Show other values in the masthead."""
        self.masthead.set_view(view)

    def set_strip(self, view: StripView | None) -> None:
        """Show the last case in the strip."""
        self.strip.set_view(view)

    def say(self, state: State, bold: str, plain: str = "") -> None:
        """Say in the strip what has just happened."""
        self.strip.say(state, bold, plain)
        self._show_strip()

    def _page_keys_changed(self) -> None:
        """Take the keys of the page of now anew."""
        if self.sender() is self._current:
            self._show_keys()

    def _actions(self, page: Page) -> list[KeyAction]:
        """Put the keys of a page and the global ones that are printed for it together."""
        actions = list(page.key_actions())
        view = page.help_view()
        if view is not None:
            full, short = help_words(view)
            actions.insert(
                0, KeyAction("F1", full, self.toggle_help, short, shown=page.prints_help)
            )
        if page.bare:
            actions.append(KeyAction("F11", self.tr("大字"), self.larger))
        if look().shape is Shape.NARROW and page.strip and self.strip_keys():
            actions[-1:-1] = self.strip_keys()
        if page.busy:
            return [_closed(action) if action.key != "Esc" else action for action in actions]
        return actions

    def strip_keys(self) -> list[KeyAction]:
        """List the keys of the strip, which move into the key bar at 200 %."""
        view = self.strip.view
        return list(view.keys) if view is not None else []

    def _show_keys(self) -> None:
        """Show and bind the keys of the page of now."""
        if self._current is None:
            return
        actions = self._actions(self._current)
        self.key_bar.show_keys(actions, self._current.hint())
        own = [self._heard(action) for action in actions if action.key not in {"F1", "F11", "F12"}]
        shown_keys = {action.key for action in own}
        extra = [] if self._current.busy or not self._current.strip else self.strip_keys()
        own += [action for action in extra if action.key not in shown_keys]
        self._keys.set_page_keys([*own, *self._idle_keys(self._current, shown_keys)])

    def _idle_keys(self, page: Page, taken: AbstractSet[str]) -> list[KeyAction]:
        """Have the keys a hand reaches for say that the page does nothing with them."""
        if page.bare or page.busy:
            return []
        words = self.tr("这一页用不到 {key}；能用的键都在下面")
        return [
            KeyAction(key, "", partial(self._say_why, words.format(key=key)), shown=False)
            for key in _REACHED_FOR
            if key not in taken
        ]

    def _heard(self, action: KeyAction) -> KeyAction:
        """Have a key with nothing to do say so; while the page is busy it stays silent."""
        if action.enabled or not action.why or self._current is None or self._current.busy:
            return action
        return replace(action, enabled=True, callback=partial(self._say_why, action.why))

    def _say_why(self, why: str) -> None:
        """Say why a key does nothing: in the strip, or on a page that has none in its banner."""
        if self._current is None:
            return
        if self._current.strip:
            self.say(State.WAITING, why)
        else:
            self._current.show_banner(BannerView(State.WAITING, why))

    def _arrange(self) -> None:
        """Show the parts the page and the scale ask for."""
        page = self._current
        bare = page is None or page.bare
        narrow = look().shape is Shape.NARROW
        self.masthead.setVisible(not bare)
        if narrow and self._middle.indexOf(self.navigation) >= 0:
            self._middle.removeWidget(self.navigation)
        elif not narrow and self._middle.indexOf(self.navigation) < 0:
            self.navigation.sink()
            self._middle.insertWidget(0, self.navigation)
        self.navigation.setVisible(not bare and not narrow)
        self.stack.updateGeometry()
        self._show_strip()
        self._name_page()

    def _show_strip(self) -> None:
        """Show the strip on a page that has one; at 200 % only while it has something to say."""
        page = self._current
        spoken = look().shape is not Shape.NARROW or self.strip.speaking
        self.strip.setVisible(page is not None and page.strip and spoken)

    # --- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear plain keys no field wanted."""
        if self._keys.plain_key(event):
            return
        super().keyPressEvent(event)

    def larger(self) -> None:
        """Step to the next scale (F11)."""
        self.wear(look().larger())

    def wear(self, wanted: Look) -> None:
        """Put another look on the whole program."""
        application = QApplication.instance()
        size = self.size()
        if isinstance(application, QApplication) and wanted != look():
            if wanted.shape is Shape.NARROW:
                self.strip.hide()  # with it, everything in large type would outgrow the screen
            apply_look(application, wanted)
        self._arrange()
        if self.size() != size and not self.isFullScreen() and not self.isMaximized():
            self.resize(size)
        self._show_keys()
        self._help.hide()
        self.look_changed.emit(wanted)

    def lock(self) -> None:
        """Lock the workstation (F12, or nobody there)."""
        if self._on_lock is not None and self._current is not None and not self._current.bare:
            self._on_lock()

    def watch_idle(self, seconds: float) -> IdleWatch:
        """Lock when nobody has touched anything for some time (policy data)."""
        if self._idle is not None:
            self._idle.stop()
        self.winId()
        handle = self.windowHandle()
        self._idle = IdleWatch(handle, seconds, self.lock, self)
        return self._idle

    # --- help and navigation over the page --------------------------------------------------

    def toggle_help(self) -> None:
        """Show the policy sentence for the field of now, or put it away (F1)."""
        if self._help.isVisible():
            self._help.hide()
            return
        self._show_help()

    def _show_help(self) -> None:
        """Show what the page says, with the keys the bar has no room for."""
        view = self._current.help_view() if self._current is not None else None
        if self._current is not None and view is not None:
            printed = {one.action_view.key for one in self._current.findChildren(KeyButton)}
            keys = [one for one in self._current.key_actions() if one.key not in printed]
            self._help.set_view(view, keys)
            self._help.lie_over(self._content())

    def _refresh_help(self) -> None:
        """Follow the field of now while the help is open."""
        if self._help.isVisible():
            self._show_help()

    @property
    def help_panel(self) -> HelpPanel:
        """Give the help panel."""
        return self._help

    def _content(self) -> QRect:
        """Tell where the page lies in the window."""
        return QRect(self.stack.mapTo(self, QPoint(0, 0)), self.stack.size())

    def _toggle_navigation(self) -> None:
        """Open the navigation as a list over the page, or close it (200 %)."""
        if self.navigation.isVisible():
            self.navigation.hide()
            return
        now = look()
        height = min(self.stack.height(), now.u(46 * len(self._items) + 18))
        top = self.masthead.height()
        self.navigation.float_over(QRect(0, top, now.u(156), height))

    # --- the window itself ------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Be drawn for 1366 × 768."""
        return DESIGN_SIZE

    def show_on_screen(self) -> None:
        """Fill a small screen; on a larger one be a window of the design size."""
        area = QGuiApplication.primaryScreen().availableGeometry()
        if area.width() <= DESIGN_SIZE.width() or area.height() <= DESIGN_SIZE.height() + 40:
            self.showFullScreen()
        else:
            self.resize(DESIGN_SIZE)
            self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the help where it belongs."""
        super().resizeEvent(event)
        if self._help.isVisible():
            self._help.lie_over(self._content())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whether the window may close."""
        if self._on_close is not None and not self._on_close():
            event.ignore()
            return
        super().closeEvent(event)


def _closed(action: KeyAction) -> KeyAction:
    """Close a key while the page is busy."""
    return replace(action, enabled=False)
