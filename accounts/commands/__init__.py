"""Verbs on people, teams, roles, tokens, settings and saved views; `from accounts import commands as accounts`."""

from accounts.commands.idempotency import Answer, KeyReused, claim_key, keep_answer
from accounts.commands.settings import change_setting
from accounts.commands.tokens import make_token, note_token_use, revoke_token, rotate_token

__all__ = [
    "Answer",
    "KeyReused",
    "change_setting",
    "claim_key",
    "keep_answer",
    "make_token",
    "note_token_use",
    "revoke_token",
    "rotate_token",
]
