"""The bundles that went out of a computer and came into it, as its list tells of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.exchange import Carried, Received
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.inbox import TAKEN_IN
from desktop_app.sync.manifest import ANSWER
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.naming import read_name
from desktop_app.sync.relay import RELAYED
from desktop_app.sync.sideways import handed_sideways

CARRIED, RECEIVED, AGAIN, BEHIND = "carried", "received", "again", "behind"
_DISTRICT, _SIBLINGS = "district", "siblings"


@dataclass(frozen=True, slots=True)
class BundleNote:
    """One bundle that went out or came in.

    ``partner`` is ``district``, ``siblings``, a school's code, or empty where nobody can be named;
    ``laptop`` names the sibling that packed what came. ``state`` of what went out is ``carried``;
    ``received`` once the district has acknowledged all of it; ``again`` where an answer came since
    that does not, and nothing was handed over after it; ``behind`` where a later bundle has taken
    it along. Of what came in it is the outcome, and ``reason`` the code of a refusal.
    """

    number: int
    at: int
    outgoing: bool
    partner: str
    operations: int
    fresh: int
    state: str
    gaps: int
    name: str
    laptop: str = ""
    reason: str = ""


def bundle_notes(workplace: Workplace, received: Mapping[str, int]) -> tuple[BundleNote, ...]:
    """List the bundles, the latest first; ``received`` says how far the district holds each feed.

    This computer's own, still on the stick when others' are taken in, went out and did not come.
    """
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        out = exchange.carried_bundles(connection)
        come = exchange.received_bundles(connection)
    answered_at = max((one.received_at for one in come if _is_answer(one, feeds)), default=0)
    sideways = handed_sideways(workplace)
    meant = [one for one in out if one.purpose != ANSWER and one.number not in sideways]
    sent_at = max((one.carried_at for one in meant), default=0)
    notes = [_went_out(one, received, answered_at, sent_at, sideways) for one in out]
    for one in come:
        sender = feeds.get(one.sender)
        if one.fresh or one.outcome != TAKEN_IN or sender is None or not sender.own:
            mark = "" if sender is None else mark_of(sender, workplace.district)
            notes.append(_came_in(one, sender, mark))
    return tuple(sorted(notes, key=lambda one: (-one.at, -one.number)))


def _is_answer(one: Received, feeds: Mapping[str, FeedRow]) -> bool:
    sender = feeds.get(one.sender)
    return one.outcome == TAKEN_IN and sender is not None and sender.facts.district


def _went_out(
    one: Carried,
    received: Mapping[str, int],
    answered_at: int,
    sent_at: int,
    sideways: Collection[int],
) -> BundleNote:
    answered = one.purpose == ANSWER
    aside = not answered and one.number in sideways
    whole = all(received.get(feed, to) >= to for feed, to in one.heads.items())
    missed = CARRIED if aside else _missed(one, answered_at, sent_at)
    return BundleNote(
        number=one.number,
        at=one.carried_at,
        outgoing=True,
        partner=read_name(one.name)[0] if answered else _SIBLINGS if aside else _DISTRICT,
        operations=one.operations,
        fresh=one.registered,
        state=CARRIED if answered else RECEIVED if whole else missed,
        gaps=0,
        name=one.name,
    )


def _missed(one: Carried, answered_at: int, sent_at: int) -> str:
    """Say of a bundle nobody has acknowledged whether it has to be carried again."""
    if one.carried_at >= answered_at:
        return CARRIED
    return BEHIND if sent_at >= answered_at else AGAIN


def _came_in(one: Received, sender: FeedRow | None, mark: str) -> BundleNote:
    partner = "" if sender is None else _DISTRICT if sender.facts.district else _SIBLINGS
    named = partner == _SIBLINGS and one.outcome != RELAYED
    return BundleNote(
        number=read_name(one.name)[1],
        at=one.received_at,
        outgoing=False,
        partner=read_name(one.name)[0] if one.outcome == RELAYED else partner,
        operations=one.operations,
        fresh=one.fresh,
        state=one.outcome,
        gaps=len(one.gaps),
        name=one.name,
        laptop=laptop_name(one.sender, mark) if named else "",
        reason=one.reason,
    )
