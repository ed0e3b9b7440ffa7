"""The rule that somebody is always left to administer the server."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import LastAdministrator
from ...models import Role, User


def keep_one(session: Session, but: User) -> None:
    """Raise LastAdministrator where `but` is the only active administrator.

    Holds all of them until the end of the transaction: two who take each other's role take turns, and the second one
    is refused.
    """
    active = select(User.user_id).where(User.role == Role.ADMIN, User.is_active.is_(True))
    if set(session.scalars(active.order_by(User.user_id).with_for_update())) == {but.user_id}:
        raise LastAdministrator
