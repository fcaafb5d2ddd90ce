"""Write events, the outbox and search documents; `from journal import commands as journal`."""

from journal.commands.note import canonical, digest_of, mac_of, note, nudged_by
from journal.commands.search import Document, index, unindex

__all__ = ["Document", "canonical", "digest_of", "index", "mac_of", "note", "nudged_by", "unindex"]
