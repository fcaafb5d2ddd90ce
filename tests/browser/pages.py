"""Every page of the installation, found from the URL conf, and who may see it, from the reviewed table of permissions.

A new page is in here by itself. What answers a GET with something else than a page stands in NOT_PAGES.
"""

from tests.authz import matrix
from tests.authz.base import OWN
from tests.authz.principals import ANONYMOUS
from tests.authz.routes import Route, routes

PRINCIPALS = ("administrator", "coordinator", "manager", "agent", "technician", "auditor", "requester", ANONYMOUS)
RELATIONS = ("", "exists", OWN)
NOT_PAGES = frozenset(
    {
        "accounts:export", "accounts:template", "coordination:demand_csv", "coordination:demand_xlsx",
        "coordination:export_csv", "coordination:export_xlsx",
        "healthz", "incidents:call_components",
        "incidents:call_people", "incidents:call_side", "incidents:csv", "incidents:xlsx", "metrics", "readyz",
        "records:presence", "registry:component_export", "registry:component_workbook", "registry:picker",
        "reports:export", "session",
    }
)  # fmt: skip
"""Exports, files, signs of life, and pieces of pages for scripts."""
OWN_ADDRESS = frozenset({"incidents:new"})
"""Pages that send a new visitor to an address of its own first."""


def visible(route: Route, principal: str) -> str | None:
    """The relation in which the principal sees the page, "" when it has none; None when the page is not for them."""
    for relation in RELATIONS:
        row = TABLE.get((route.label, "GET", relation))
        if row is not None and (row[principal] == "200" or (row[principal] == "302" and route.name in OWN_ADDRESS)):
            return relation
    return None


def pages() -> list[Route]:
    """Every page that one of the principals may see."""
    found = [route for route in routes() if not route.is_api and route.name not in NOT_PAGES]
    return [route for route in found if any(visible(route, principal) is not None for principal in PRINCIPALS)]


def seers(route: Route) -> list[str]:
    """Who may see the page, those with the most rights first."""
    return [principal for principal in PRINCIPALS if visible(route, principal) is not None]


TABLE = matrix.load()
