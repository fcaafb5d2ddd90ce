"""What every API view of every app stands on: `from accounts import rest`, then `rest.View`, `rest.ViewSet`, …"""

from accounts.rest.acting import KEY_HEADER, KeyInUse, act
from accounts.rest.authentication import BrowserSession, TokenAuthentication
from accounts.rest.conditions import VersionMismatch, etag, expected_version, match
from accounts.rest.paging import KeysetPagination, paged
from accounts.rest.problems import ProblemSerializer, problem
from accounts.rest.views import Declared, View, ViewSet

__all__ = [
    "KEY_HEADER",
    "BrowserSession",
    "Declared",
    "KeyInUse",
    "KeysetPagination",
    "ProblemSerializer",
    "TokenAuthentication",
    "VersionMismatch",
    "View",
    "ViewSet",
    "act",
    "etag",
    "expected_version",
    "match",
    "paged",
    "problem",
]
