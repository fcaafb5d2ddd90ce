"""What is sent and answered about records of any kind."""

from typing import Any

from rest_framework import serializers

from accounts import rest
from records.models import Record
from records.queries.beside import followers_to_be
from records.queries.links import LINK_KINDS
from records.queries.page import url_of


class RecordOut(serializers.Serializer[Any]):
    """The head that every record has, whatever its process."""

    number = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    phase = serializers.CharField()
    priority = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    def get_url(self, record: Record) -> str:
        """Address of its page."""
        return url_of(record)


class CommentIn(rest.Input):
    """Words; internal unless they are said to be public."""

    body = serializers.CharField(max_length=50_000)
    is_public = serializers.BooleanField(default=False)


class CommentOut(serializers.Serializer[Any]):
    """What somebody wrote."""

    id = serializers.IntegerField()
    body = serializers.CharField()
    is_public = serializers.BooleanField()
    author = rest.Named(allow_null=True)
    channel = serializers.CharField()
    lang = serializers.CharField()
    at = serializers.DateTimeField()


class FilesIn(rest.Input):
    """Files, sent as a form with one part for each."""

    files = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=10)
    is_public = serializers.BooleanField(default=False)


class FileOut(serializers.Serializer[Any]):
    """A file on a record; its bytes are at the address below it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()
    sha256 = serializers.CharField()
    is_public = serializers.BooleanField()
    by = rest.Named(allow_null=True)
    at = serializers.DateTimeField()


class LinkIn(rest.Input):
    """This record <kind> that one."""

    kind = serializers.ChoiceField(choices=sorted(LINK_KINDS))
    number = serializers.CharField(max_length=20, help_text="The other record.")


class LinkOut(serializers.Serializer[Any]):
    """Another record and how it stands to this one; `id` is null for parents, parts and merged ones."""

    id = serializers.SerializerMethodField()
    words = serializers.CharField()
    record = RecordOut()

    def get_id(self, line: Any) -> int | None:
        """What to give when the link is taken away."""
        return line.link_id or None


class WatcherIn(rest.Input):
    """Who follows it from now on; oneself without a person."""

    person = serializers.PrimaryKeyRelatedField(queryset=followers_to_be(), required=False, allow_null=True)


class WatcherOut(serializers.Serializer[Any]):
    """Somebody who follows the record; callers hear when it is solved."""

    person = rest.Named(source="user")
    is_caller = serializers.BooleanField()
    at = serializers.DateTimeField()


class NamedFile(serializers.Serializer[Any]):
    """A file on the time line."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()


class EntryOut(serializers.Serializer[Any]):
    """One thing that happened. `weight` says how much it matters: message, change, noise."""

    id = serializers.CharField()
    weight = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    text = serializers.CharField(help_text="In words, in the language of the caller; empty for messages.")
    html = serializers.CharField(allow_null=True, help_text="The words of a message, safe to show.")
    audience = serializers.CharField(help_text="public, internal, or empty for what is no message.")
    via = serializers.CharField()
    files = NamedFile(many=True)


class AuditOut(serializers.Serializer[Any]):
    """One field that changed, as the database keeps it."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    source = serializers.CharField(help_text="Through which door: web, api, sweep and others.")  # type: ignore[assignment]  # a member named source
    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class UndoIn(rest.Input):
    """Which act; the last one that the caller can take back without it."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="From a bulk action.")


class OwnRecordOut(serializers.Serializer[Any]):
    """A record that the caller reported or joined."""

    number = serializers.CharField()
    title = serializers.CharField()
    state_label = serializers.CharField(help_text="In words, in the language of the caller.")
    phase = serializers.CharField()
    opened_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class DraftIn(rest.Input):
    """What was typed so far, field by field; nothing typed drops the draft."""

    values = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))


class DraftRowOut(serializers.Serializer[Any]):
    """Something typed and not sent."""

    key = serializers.CharField()
    title = serializers.CharField()
    start = serializers.CharField(help_text="How it begins.")
    url = serializers.CharField(help_text="Where it is finished.")
    at = serializers.DateTimeField()


class DraftOut(serializers.Serializer[Any]):
    """One draft whole."""

    key = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())
    at = serializers.DateTimeField(source="updated_at")


class HitOut(serializers.Serializer[Any]):
    """One thing found."""

    kind = serializers.CharField()
    number = serializers.CharField(help_text="Number of a record, tag of a component.")
    title = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()
    is_open = serializers.BooleanField()
