"""Events, outbox, seals and search documents; subjects and actors are kind and id, no foreign keys upward."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q


class CurrentTransaction(Func):
    """The id of the running transaction as a bigint; the sealer compares it with the oldest one running."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One thing that happened to a subject. Inserted, never updated: a database trigger refuses (ARCHITECTURE 5).

    `digest` is sha256(salt ‖ canonical data); `mac` chains the events of a subject: HMAC(key, previous mac ‖ seq ‖
    code ‖ actor ‖ at ‖ digest). Erasing a person empties data and salt and keeps the digest, so the chain verifies.
    """

    id = models.BigAutoField(primary_key=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.IntegerField()
    code = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)
    transaction_id = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "seq"], name="event_chain"),
        ]
        indexes = [
            models.Index(fields=["code", "-id"], name="event_code"),
            BrinIndex(fields=["transaction_id"], name="event_transaction", pages_per_range=16),  # the sealer's question
        ]


class Chain(models.Model):
    """Head of the event chain of a subject that is not a Record; its row is that chain's lock."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.IntegerField(default=0)
    mac = models.BinaryField(max_length=32, default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_chain_per_subject")]


class Outbox(models.Model):
    """One (event, reaction) still to run after commit; deleted when done, kept with its error when dead."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.BigIntegerField()
    reaction = models.CharField(max_length=120)
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "reaction"], name="outbox_once")]
        indexes = [models.Index(fields=["available_at"], condition=Q(dead_at=None), name="outbox_open")]


class Seal(models.Model):
    """A Merkle root over a run of finished events, chained to the seal before (ARCHITECTURE 5).

    Covers events of transactions in [from_transaction, below_transaction) with an id above `above_event`, which is
    not 0 after a restore: a new cluster counts its transactions from the beginning again.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    above_event = models.BigIntegerField(default=0)
    from_transaction = models.BigIntegerField(default=0)
    below_transaction = models.BigIntegerField()
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.IntegerField()
    root = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)


class Heartbeat(models.Model):
    """A part of Spindel that works by itself was alive then; also who ran a period's sweep (RELIABILITY 6, I7)."""

    component = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    lag_seconds = models.FloatField(default=0)


class SearchDocument(models.Model):
    """What the one search box looks through: records, people, components; audience as on the Record."""

    id = models.BigAutoField(primary_key=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    note = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)
    at = models.DateTimeField()
    audience = ArrayField(models.IntegerField(), default=list)
    is_closed_class = models.BooleanField(default=False)
    tsv = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_document_per_subject")]
        indexes = [
            GinIndex(fields=["tsv", "audience"], name="search_words", gin_pending_list_limit=256),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="search_spelling"),
            models.Index(fields=["number"], name="search_number"),
            models.Index(fields=["-at"], condition=Q(is_open=True), name="search_open"),
            models.Index(fields=["-at"], condition=Q(is_open=False), name="search_closed"),
        ]
