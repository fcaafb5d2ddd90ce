"""Write events, the outbox and search documents; `from journal import commands as journal`."""

from journal.commands.heartbeat import beat, claim
from journal.commands.note import note, nudged_by
from journal.commands.relay import relay_due, revive
from journal.commands.seal import copy_seals, seal_finished
from journal.commands.search import Document, index, rebuild, rebuildable, rebuilds, unindex, upsert
from journal.queries.chain import canonical, digest_of, mac_of

__all__ = [
    "Document",
    "beat",
    "canonical",
    "claim",
    "copy_seals",
    "digest_of",
    "index",
    "mac_of",
    "note",
    "nudged_by",
    "rebuild",
    "rebuildable",
    "rebuilds",
    "relay_due",
    "revive",
    "seal_finished",
    "unindex",
    "upsert",
]
