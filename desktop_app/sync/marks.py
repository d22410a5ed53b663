"""What a laptop is called: the mark that its ticket or certificate gave it, as on its receipts."""

from __future__ import annotations

from desktop_app.domain.errors import UntrustedError
from desktop_app.security import certificate
from desktop_app.security.district import District
from desktop_app.security.ticket import verify_ticket_chain
from desktop_app.storage.oplog import FeedRow

_TAIL = 4


def mark_of(row: FeedRow, district: District | None) -> str:
    """Give the mark the district gave a laptop, empty where it gave none that is known here."""
    if district is None or row.identity is None:
        return ""
    for line in row.identity.decode(errors="replace").split("\n"):
        try:
            if line.startswith("{"):
                use = verify_ticket_chain(
                    line, district.authorities, replica=row.public, scope=row.facts.scope
                )
                if not use.succession:
                    return use.grant.mark
            elif mark := certificate.read(line, district.authorities).facts.get("mark", ""):
                return mark
        except UntrustedError:
            continue
    return ""


def laptop_name(feed: str, mark: str) -> str:
    """Name a laptop: its mark, or the end of its feed's name where it has none."""
    return mark or f"…{feed[-_TAIL:]}"
