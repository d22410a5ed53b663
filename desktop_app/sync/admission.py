"""A laptop without a ticket takes what the district answered: its certificate, numbers, escrow.

The certificate stands in an ``admission`` record of the district's feed for the school, so that it
comes with every answer until it was taken, and every holder of the set learns of the same laptop.
"""

from __future__ import annotations

from desktop_app.domain.errors import UntrustedError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security.admission import read_admission
from desktop_app.security.certificate import line_of
from desktop_app.security.ticket import Grant
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.workplace import Workplace
from desktop_app.storage.numbers import close_blocks, grant_block
from desktop_app.storage.rows import read_row
from desktop_app.storage.work import Work
from desktop_app.sync.identity import prove


def take_admission(workplace: Workplace) -> bool:
    """Take this computer's own certificate if the district has let it in; say whether it did.

    The escrow comes first: a power cut before the rest only has it taken again. A laptop that
    joined with a ticket keeps its own numbers; a certificate that does not hold is none.

    Raises:
        WorkplaceError: the disk refused.
    """
    district = workplace.district
    if workplace.seat.kind == "district" or district is None:
        return False
    own = workplace.own_feed()
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["admission"], own.facts.scope, own.facts.feed)
    if row is None or line_of(own.identity):
        return False
    line = row.text("certificate")
    lines = [*filter(None, (own.identity or b"").decode().split("\n")), line]
    identity = "\n".join(lines)
    try:
        _, grant = read_admission(
            line, district.authorities, replica=own.public, scope=own.facts.scope
        )
        facts = prove(own.public, own.facts.scope, identity, district)
    except UntrustedError:
        return False
    if facts is None:  # a certificate never proves nothing
        raise LookupError
    workplace.session.set_escrow(grant.escrow)
    finish_rotation(workplace.session, workplace.database, workplace.computer)
    workplace.introduce = None
    with workplace.journal.begin() as work:
        work.prove_feed(facts, identity.encode())
        if own.identity is None:
            _take_numbers(workplace, work, grant)
    return True


def _take_numbers(workplace: Workplace, work: Work, grant: Grant) -> None:
    """Take the block of receipt numbers and give no more from any other."""
    district = workplace.district
    school = None if district is None else district.school(grant.school)
    mark = grant.mark if school is None else f"{school.mark}-{grant.mark}"
    grant_block(work.connection, mark, grant.first, grant.last)
    close_blocks(work.connection, mark)
