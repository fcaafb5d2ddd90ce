"""Who knocks: nobody, each role, a token of each scope, somebody disabled with a living session."""

from dataclasses import dataclass

from accounts.roles import ROLES, SCOPES

ANONYMOUS, DISABLED = "anonymous", "disabled"
ROLE_NAMES = tuple(ROLES)
TOKENS = tuple(f"token {scope}" for scope in SCOPES)
PAGE_PRINCIPALS = (ANONYMOUS, *ROLE_NAMES, DISABLED)
API_PRINCIPALS = (*PAGE_PRINCIPALS, *TOKENS)
ALL = API_PRINCIPALS
NOT_ASKED = "-"
"""In the table: tokens are not asked at pages one by one, because no page reads them (a test of its own)."""

BLIND = frozenset(
    {ANONYMOUS, "requester", "technician", "administrator", "integration", "security_officer", DISABLED}
) | {name for name in TOKENS if name != "token records:read"}
"""Those who may not see what belongs to another team: its canary in any answer is a leak."""

CONFIDENTIAL_READERS = frozenset({"security_officer"})
"""Those who may see the confidential record."""


@dataclass(frozen=True)
class Asked:
    """Whom a route is asked by."""

    is_api: bool

    @property
    def principals(self) -> tuple[str, ...]:
        """Tokens only where they count."""
        return API_PRINCIPALS if self.is_api else PAGE_PRINCIPALS
