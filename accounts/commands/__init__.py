"""Verbs on people, teams, roles, tokens, settings and saved views; `from accounts import commands as accounts`."""

from accounts.commands.idempotency import Answer, KeyReused, claim_key, keep_answer
from accounts.commands.imports import import_row, keep_file, note_export, note_import
from accounts.commands.people import disable_person, enable_person, end_sessions, merge_guest, save_person
from accounts.commands.profile import change_profile
from accounts.commands.settings import change_setting
from accounts.commands.teams import drop_member, grant_role, save_team, set_member, take_role
from accounts.commands.tokens import MadeToken, make_token, note_token_use, revoke_token, rotate_token

__all__ = [
    "Answer",
    "KeyReused",
    "MadeToken",
    "change_profile",
    "change_setting",
    "claim_key",
    "disable_person",
    "drop_member",
    "enable_person",
    "end_sessions",
    "grant_role",
    "import_row",
    "keep_answer",
    "keep_file",
    "make_token",
    "merge_guest",
    "note_export",
    "note_import",
    "note_token_use",
    "revoke_token",
    "rotate_token",
    "save_person",
    "save_team",
    "set_member",
    "take_role",
]
