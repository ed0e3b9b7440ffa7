"""Who may see a recorded session: its owner, whoever shows its receipt, administrators."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ...database.sessions import browsing
from ...errors import NotFound
from ...models import RecordedSession, Role
from ..accounts.identity import Identity
from .runs import digest


def find(uid: UUID, identity: Identity | None, receipt: str | None) -> RecordedSession:
    """Return the session of that uid; raises NotFound alike where there is none and where the caller may not see it."""
    return find_with_any(uid, identity, [] if receipt is None else [receipt])


def find_with_any(uid: UUID, identity: Identity | None, receipts: Sequence[str]) -> RecordedSession:
    """Return the session of that uid for a caller who may show receipts of several sessions; raises NotFound."""
    with browsing() as session:
        found = session.scalar(select(RecordedSession).where(RecordedSession.uid == uid))
    if found is None or not (_is_theirs(found, identity) or _is_shown(found, receipts)):
        raise NotFound
    return found


def _is_theirs(found: RecordedSession, identity: Identity | None) -> bool:
    return identity is not None and (identity.role == Role.ADMIN or found.user_id == identity.user_id)


def _is_shown(found: RecordedSession, receipts: Sequence[str]) -> bool:
    """Tell whether the receipt of a session is among those shown; each is compared in constant time."""
    kept = found.receipt_sha256
    return kept is not None and any(hmac.compare_digest(digest(receipt), kept) for receipt in receipts)
