"""Verify a whole workplace: what storage can work out again, and the signatures of the feeds."""

from __future__ import annotations

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.head import statement
from desktop_app.security import sshsig
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.verify import Report, verify
from desktop_app.sync.heads import NAMESPACE

VERIFYING = "verify"


def verify_workplace(workplace: Workplace, progress: Progress) -> Report:
    """Verify pages, chains, signatures, payloads, the projection and the sealed pages.

    Raises:
        CancelledError: the person stopped it.
    """
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress.step(done, 0, VERIFYING)

    return verify(workplace.journal, head_holds, workplace.scans, step)


def head_holds(row: FeedRow) -> bool:
    """Say whether the author's signature over the last signed head of a feed holds."""
    if row.signed_hash is None or row.signature is None:
        return False
    facts = row.facts
    signed = statement(facts.feed, facts.scope, row.signed_sequence, row.signed_hash)
    try:
        sshsig.verify(row.public, NAMESPACE, signed, row.signature)
    except UntrustedError:
        return False
    return True
