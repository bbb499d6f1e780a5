"""Where the exchange with other machines stands: who is trusted, what is not sent, what was sent and received.

Reads only. "Unsent" means: the peer has not said, in a package of its own, that it holds the operation.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import LOCAL_GENERATION, get_meta
from desktop_app.models.tables.sync import conflict, log_entry, package, peer, pending_field
from desktop_app.models.tables.system import operation
from desktop_app.models.types import DeviceRole, OperationState, Uid
from desktop_app.services.context import Context
from desktop_app.services.sync.devices import DeviceCard, Peer, card_of, peers
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.writer import count_carried


@dataclass(frozen=True)
class PeerState:
    """A trusted machine.

    Attributes:
        unsent: operations that it has not confirmed.
        last_sent, last_received: when the newest package went and came, ms since 1970; None for never.
        waiting: its operations that wait here for an earlier package.
        carried: operations that a package for it would carry: what it has not confirmed, and its own that came to
            stand here since, by which both machines come to one order.
    """

    peer: Peer
    unsent: int
    last_sent: int | None
    last_received: int | None
    waiting: int = 0
    carried: int = 0


@dataclass(frozen=True)
class PackageRecord:
    """A package that was written or taken in here."""

    uid: Uid
    direction: str
    device_name: str
    number: int
    at: int
    file_name: str
    operations: int
    is_confirmed: bool


@dataclass(frozen=True)
class ExchangeState:
    """All that the exchange page shows besides the inbox."""

    me: DeviceCard
    role: DeviceRole
    peers: tuple[PeerState, ...]
    packages: tuple[PackageRecord, ...]
    conflicts: int
    pending: int

    @property
    def unsent(self) -> int:
        """Operations that some trusted machine does not have yet."""
        return max((item.unsent for item in self.peers), default=0)


def exchange_state(context: Context, packages: int = 50) -> ExchangeState:
    """Where the exchange stands now.

    Args:
        packages: how many of the newest packages to list.
    """
    me = card_of(load_identity(context.folder), context.role)
    with context.read() as connection:
        states = tuple(
            PeerState(
                item,
                unsent_to(context, connection, item.card.uid),
                *_times(connection, item.card.uid),
                _waiting(connection, item.card.uid),
                _carried(context, connection, item.card.uid),
            )
            for item in peers(connection)
            if context.role is not DeviceRole.VOLUNTEER or item.is_office
        )
        return ExchangeState(
            me,
            context.role,
            states,
            _packages(connection, packages),
            connection.execute(select(func.count()).where(conflict.c.status == "open")).scalar_one(),
            connection.execute(select(func.count()).select_from(pending_field)).scalar_one(),
        )


def unsent_now(context: Context) -> int:
    """``ExchangeState.unsent`` alone, following the work: machines that cannot raise the count are not asked."""
    with context.read() as connection:
        if context.role is DeviceRole.VOLUNTEER:
            known = (item.card.uid for item in peers(connection) if item.is_office)
            return max((unsent_to(context, connection, uid) for uid in known), default=0)
        generation = get_meta(connection, "generation")
        end = connection.execute(select(func.max(log_entry.c.position))).scalar() or 0
        starts = {
            row.device: row.acked_position if row.acked_log == generation else 0
            for row in connection.execute(select(peer))
        }
        most = 0
        for item in sorted(peers(connection), key=lambda item: starts.get(item.card.uid, 0)):
            if end - starts.get(item.card.uid, 0) > most:
                most = max(most, unsent_to(context, connection, item.card.uid))
        return most


def unsent_to(context: Context, connection: Connection, device: Uid) -> int:
    """How many operations a peer has not confirmed."""
    row = connection.execute(select(peer).where(peer.c.device == device)).first()
    if row is None:
        return 0
    if context.role is DeviceRole.VOLUNTEER:
        acked = row.acked_own or {}
        counts = connection.execute(
            select(operation.c.generation, func.max(operation.c.sequence))
            .where(operation.c.device == context.device, operation.c.generation > LOCAL_GENERATION)
            .group_by(operation.c.generation)
        ).all()
        return sum(max(0, last - int(acked.get(str(generation), 0))) for generation, last in counts)
    start = row.acked_position if row.acked_log == get_meta(connection, "generation") else 0
    return connection.execute(
        select(func.count())
        .select_from(log_entry)
        .join(operation, operation.c.id == log_entry.c.operation_id)
        .where(log_entry.c.position > start, operation.c.device != device)
        .where(operation.c.state != OperationState.WAITING)
    ).scalar_one()


def _carried(context: Context, connection: Connection, device: Uid) -> int:
    return count_carried(context, connection, connection.execute(select(peer).where(peer.c.device == device)).all())


def _waiting(connection: Connection, device: Uid) -> int:
    return connection.execute(
        select(func.count())
        .select_from(operation)
        .where(operation.c.device == device, operation.c.state == OperationState.WAITING)
    ).scalar_one()


def _times(connection: Connection, device: Uid) -> tuple[int | None, int | None]:
    received = connection.execute(
        select(func.max(package.c.at)).where(package.c.peer == device, package.c.direction == "received")
    ).scalar()
    sent = connection.execute(
        select(package.c.at, package.c.detail)
        .where(package.c.direction == "sent")
        .order_by(package.c.id.desc())
        .limit(200)
    )
    return next((row.at for row in sent if device in (row.detail or {}).get("receivers", ())), None), received


def _packages(connection: Connection, limit: int) -> tuple[PackageRecord, ...]:
    known = {row.device: row for row in connection.execute(select(peer))}
    generation = get_meta(connection, "generation")
    found = []
    for row in connection.execute(select(package).order_by(package.c.id.desc()).limit(limit)):
        receivers = [known[uid] for uid in (row.detail or {}).get("receivers", ()) if uid in known]
        if row.direction == "received":
            name = known[row.peer].name if row.peer in known else ""
            is_confirmed = True
        else:
            name = ", ".join(item.name for item in receivers)
            is_confirmed = bool(receivers) and all(_is_confirmed(row.detail, item, generation) for item in receivers)
        found.append(
            PackageRecord(
                row.uid, row.direction, name, row.number, row.at, row.file_name or "", row.operations, is_confirmed
            )
        )
    return tuple(found)


def _is_confirmed(detail: dict[str, object], receiver: object, generation: int) -> bool:
    """Whether the receiver's own packages say that it holds what this one carried."""
    log_to = detail.get("log_to")
    if isinstance(log_to, int) and log_to > 0:
        return getattr(receiver, "acked_log", 0) == generation and getattr(receiver, "acked_position", 0) >= log_to
    own = detail.get("own_to")
    acked = getattr(receiver, "acked_own", None) or {}
    return isinstance(own, dict) and all(int(acked.get(str(key), 0)) >= last for key, last in own.items())
