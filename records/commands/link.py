"""How a record stands to other records and to people: links, followers, further callers."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from journal.units import command
from kernel.actor import Actor
from kernel.errors import NotFound, Unprocessable
from records import events, policies
from records.commands.record import lock, note, share
from records.models import Link, Record, Watcher
from records.queries.links import LINK_KINDS


@command
def link(record: Record, target: Record, *, kind: str, actor: Actor, at: datetime) -> Link:
    """Say "record <kind> target" on both time lines. Keeps every other link; the same link again changes nothing."""
    at = lock(record, target, at=at)
    policies.require(policies.can_edit, actor, record)
    policies.require(policies.can_see, actor, target)
    if kind not in LINK_KINDS:
        raise Unprocessable(_("There is no such kind of link."), fields={"kind": [_("Choose one of the list.")]})
    if record.pk == target.pk:
        raise Unprocessable(
            _("A record cannot be linked to itself."), fields={"number": [_("Give the number of another record.")]}
        )
    made, is_new = Link.objects.get_or_create(
        source=record, target=target, kind=kind, defaults={"by_id": actor.id or None, "at": at}
    )
    if is_new:
        _note_both(made, events.LINKED, actor=actor, at=at)
    return made


@command
def unlink(made: Link, *, actor: Actor, at: datetime) -> None:
    """Take one link away, for somebody who may edit one of its ends. NotFound when it is gone already."""
    at = lock(made.source, made.target, at=at)
    end = made.source if policies.can_edit(actor, made.source) else made.target
    policies.require(policies.can_edit, actor, end)
    gone, _rows = Link.objects.filter(pk=made.pk).delete()
    if not gone:
        raise NotFound(_("This link is gone already."))
    _note_both(made, events.UNLINKED, actor=actor, at=at)


def _note_both(made: Link, code: str, *, actor: Actor, at: datetime) -> None:
    for here, there, is_source in ((made.source, made.target, True), (made.target, made.source, False)):
        is_hidden = there.confidential_class not in ("", here.confidential_class)
        number = "" if is_hidden else there.number  # a hint of a confidential record is a leak
        note(here, code, actor=actor, at=at, kind=made.kind, number=number, other=there.pk, is_source=is_source)


@command
def watch(record: Record, *, actor: Actor, at: datetime, user: User | None = None) -> Watcher:
    """Follow the record oneself, or let a colleague follow it, who sees it from now on."""
    at = lock(record, at=at)
    policies.require(policies.can_watch if user is None or user.pk == actor.id else policies.can_edit, actor, record)
    person = actor.id if user is None else user.pk
    follower, is_new = Watcher.objects.get_or_create(record=record, user_id=person, defaults={"at": at})
    if is_new and user is not None and user.pk != actor.id:
        share(record, people=[user.pk])
        note(record, events.WATCHER_ADDED, actor=actor, at=at, user=user.pk, name=user.name)
    return follower


@command
def unwatch(record: Record, *, actor: Actor, at: datetime) -> None:
    """Stop following. Those who reported the record stay callers."""
    lock(record, at=at)
    policies.require(policies.can_watch, actor, record)
    Watcher.objects.filter(record=record, user_id=actor.id, is_caller=False).delete()


@command
def add_caller(record: Record, user: User, *, actor: Actor, at: datetime, channel: str = "") -> int:
    """One more person reports the same thing ("me too"): sees the public time line and hears when it is solved.

    Returns how many callers there are with the requester. A person who is one already changes nothing.
    """
    at = lock(record, at=at)
    policies.require(policies.can_edit, actor, record)
    caller, _made = Watcher.objects.get_or_create(record=record, user=user, defaults={"at": at})
    is_new = not caller.is_caller and user.pk != record.requester_id
    if is_new:
        Watcher.objects.filter(pk=caller.pk).update(is_caller=True)
        share(record, people=[user.pk])
    callers = count_callers(record)
    if is_new:
        note(record, events.CALLER_ADDED, actor=actor, at=at, user=user.pk, name=user.name, count=callers,
             channel=channel)  # fmt: skip
    return callers


def count_callers(record: Record) -> int:
    """The requester and everybody who reported the same."""
    others = Watcher.objects.filter(record=record, is_caller=True)
    if record.requester_id is None:
        return others.count()
    return 1 + others.exclude(user_id=record.requester_id).count()
