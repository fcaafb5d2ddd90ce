"""Words on a record: internal notes and replies; drafts of them (DOMAIN X1, UX G9)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from records import events, policies
from records.commands.attachment import Kept, attach
from records.commands.record import lock, note, respond
from records.models import Comment, Draft, Record

LONGEST = 50_000
"""Characters of one comment."""
LONGEST_DRAFT = 200_000
"""Characters of one draft, as JSON."""


@command
def comment(
    record: Record,
    *,
    body: str,
    is_public: bool,
    actor: Actor,
    at: datetime,
    channel: str = "web",
    lang: str = "",
    draft_key: str = "",
    files: Sequence[Kept] = (),
) -> Comment:
    """Add words, with files. A public reply by staff is the first response; the draft of the words is spent.

    Unprocessable without words; Conflict `merged` when the record was merged meanwhile: write on the other one.
    """
    at = lock(record, at=at)
    policies.require(policies.can_reply if is_public else policies.can_comment_internal, actor, record)
    if record.merged_into_id is not None:
        raise _merged(record)
    body = _checked(body)
    written = Comment.objects.create(
        record=record, author_id=actor.id or None, body=body, lang=lang or actor.language, is_public=is_public,
        channel=channel, at=at,
    )  # fmt: skip
    note(record, events.COMMENTED, actor=actor, at=at, comment=written.pk, is_public=is_public, channel=channel)
    if files:
        attach(record, files, is_public=is_public, comment=written, actor=actor, at=at)
    if is_public and _is_response(actor, record):
        respond(record, actor=actor, at=at)
    if draft_key:
        Draft.objects.filter(user_id=actor.id, key=draft_key).delete()
    return written


def _checked(body: str) -> str:
    body = body.replace("\r\n", "\n").strip()
    if not body:
        raise Unprocessable(_("Nothing was written."), fields={"text": [_("Write something first.")]})
    if len(body) > LONGEST:
        message = _("The text is %(length)s characters long. Shorten it to %(limit)s, or attach it as a file.")
        raise Unprocessable(
            message % {"length": len(body), "limit": LONGEST},
            fields={"text": [message % {"length": len(body), "limit": LONGEST}]},
        )
    return body


def _is_response(actor: Actor, record: Record) -> bool:
    """A reply by a person of the staff, never an automatic one (ARCHITECTURE 5)."""
    return actor.kind == "person" and policies.can_comment_internal(actor, record) and record.requester_id != actor.id


def _merged(record: Record) -> Conflict:
    into = record.merged_into
    number = into.number if into is not None else ""
    return Conflict(
        _("%(number)s was merged into %(into)s. Your text is kept: write it there.")
        % {"number": record.number, "into": number},
        code="merged", facts={"into": number},
    )  # fmt: skip


@command
def save_draft(
    *, key: str, values: Mapping[str, str], actor: Actor, at: datetime, title: str = "", url: str = "",
    is_part: bool = False,
) -> Draft | None:  # fmt: skip
    """Keep what somebody is typing, by form key, for that person alone. Nothing typed drops the draft: None.

    `values` are the whole form, or with `is_part` some of its fields: fields of one form are saved at the same moment.
    """
    if is_part:
        Draft.objects.get_or_create(user_id=actor.id, key=key, defaults={"updated_at": at})
        values = {**Draft.objects.select_for_update().get(user_id=actor.id, key=key).values, **values}
    if not any(value.strip() for value in values.values()):
        drop_draft(key=key, actor=actor, at=at)
        return None
    if len(json.dumps(dict(values))) > LONGEST_DRAFT:
        raise Unprocessable(_("The draft is too long to be kept on the server. It stays in this browser."))
    kept, _made = Draft.objects.update_or_create(
        user_id=actor.id, key=key, defaults={"values": dict(values), "title": title, "url": url, "updated_at": at}
    )
    return kept


@command
def drop_draft(*, key: str, actor: Actor, at: datetime) -> None:
    """Throw a draft away."""
    Draft.objects.filter(user_id=actor.id, key=key, updated_at__lte=at).delete()
