"""Banners for what was noticed while a folder was opened."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.findings import FolderFinding
from desktop_app.messages.catalogue import sentence
from desktop_app.security.computer import Standing
from desktop_app.services.code_copied import is_unconfirmed
from desktop_app.services.district_office import is_unpublished
from desktop_app.services.workplace import Workplace
from desktop_app.ui.first_use import ROOT_SUFFIX
from desktop_app.ui.text import language
from desktop_app.ui.views import BannerView, State

_SUCCEEDED = {
    Standing.RESTORED: "window.restored",
    Standing.COPIED: "window.copied",
    Standing.MISSING: "window.key_missing",
    Standing.FORKED: "window.forked",
}


def code_banner(code: str, state: State, **details: str | int) -> BannerView:
    """Make a banner of the sentences of a code."""
    said = sentence(WorkplaceError(code, **details), language())
    return BannerView(state, said.what, f"{said.safe}{said.now}", said.number)


def finding_banner(finding: FolderFinding) -> BannerView:
    """Say what is to be known of the folder."""
    state = State.REFUSED if finding.blocks else State.NEEDS
    return code_banner(finding.code, state, **dict(finding.details))


def opening_banner(workplace: Workplace) -> BannerView | None:
    """Say what should be known of a workplace that has just been opened, the gravest first.

    Of practice there is nothing to be known: it joins nobody and is gone when it is left.
    """
    if workplace.practice:
        return None
    if is_unpublished(workplace):
        return code_banner("window.unpublished", State.NEEDS)
    if workplace.succeeded is not None:
        return code_banner(_SUCCEEDED[workplace.succeeded], State.NEEDS)
    if workplace.older_vault:
        return code_banner("vault.older_file", State.NEEDS)
    folder = workplace.folder
    if is_unconfirmed(folder):
        return code_banner("window.code_unconfirmed", State.NEEDS)
    root = folder.with_name(folder.name + ROOT_SUFFIX)
    if workplace.seat.kind == "district":
        return _district_banner(workplace, root.name if root.exists() else "")
    if workplace.district is None:
        words = QCoreApplication.translate("Notices", "这台电脑还没有接入区局，先登记不影响")
        now = QCoreApplication.translate(
            "Notices", "交区级的包要等接入后区级才收。向区招生办要接入票。"
        )
        return BannerView(State.WAITING, words, now)
    return None


def _district_banner(workplace: Workplace, root: str) -> BannerView | None:
    """Say what a district should know: its root lies here, or its package holds examples."""
    if root:
        return code_banner("window.root_here", State.NEEDS, name=root)
    if workplace.policy.examples:
        return code_banner("window.examples", State.WAITING)
    return None
