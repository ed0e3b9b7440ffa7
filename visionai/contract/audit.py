"""Rows of the audit log as clients and the command line see them."""

from __future__ import annotations

from typing import Any, Protocol


class Entry(Protocol):
    """What a row has."""

    audit_id: Any
    timestamp: Any
    action: Any
    actor: Any
    actor_id: Any
    actor_name: Any
    target: Any
    target_id: Any
    target_name: Any
    source_ip: Any
    details: Any


def audit_body(entry: Entry) -> dict[str, Any]:
    """Return the fields of a row."""
    target = {"kind": entry.target, "id": entry.target_id, "username": entry.target_name}
    return {
        "id": entry.audit_id,
        "timestamp": entry.timestamp,
        "action": entry.action,
        "actor": {"kind": entry.actor, "user_id": entry.actor_id, "username": entry.actor_name},
        "target": target if entry.target else None,
        "source_ip": entry.source_ip,
        "details": entry.details,
    }
