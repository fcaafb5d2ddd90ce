"""What every API view of every app stands on: `from accounts import rest`, then `rest.View`, `rest.ViewSet`, …"""

from accounts.rest.acting import KEY_HEADER, KeyInUse, act
from accounts.rest.authentication import BrowserSession, TokenAuthentication
from accounts.rest.bulk import BULK_SAYS, BulkIn, BulkOut, bulk_input, each, rows_chosen
from accounts.rest.conditions import VersionMismatch, conditional, etag, expected_version, match
from accounts.rest.inputs import Coded, Input, Named, Names, Nothing, all_languages, checked
from accounts.rest.paging import KeysetPagination, envelope, listed, paged
from accounts.rest.problems import ProblemSerializer, problem
from accounts.rest.rows import EDIT, READ, SEEN, Rows, SettingsRows, match_tag, rows_of, tag_of
from accounts.rest.singles import SettingsObject, object_of
from accounts.rest.views import Declared, View, ViewSet

__all__ = [
    "BULK_SAYS",
    "EDIT",
    "KEY_HEADER",
    "READ",
    "SEEN",
    "BrowserSession",
    "BulkIn",
    "BulkOut",
    "Coded",
    "Declared",
    "Input",
    "KeyInUse",
    "KeysetPagination",
    "Named",
    "Names",
    "Nothing",
    "ProblemSerializer",
    "Rows",
    "SettingsObject",
    "SettingsRows",
    "TokenAuthentication",
    "VersionMismatch",
    "View",
    "ViewSet",
    "act",
    "all_languages",
    "bulk_input",
    "checked",
    "conditional",
    "each",
    "envelope",
    "etag",
    "expected_version",
    "listed",
    "match",
    "match_tag",
    "object_of",
    "paged",
    "problem",
    "rows_chosen",
    "rows_of",
    "tag_of",
]
