"""The queue, its rules, and demand against capacity over REST."""

from coordination.api import demand, settings
from coordination.api.work import Work

ROUTES = [
    ("work", Work, "work-api"),
    ("demand", demand.Behind, "demand-api"),
    ("settings/ranking/skips", settings.SkipsReview, "ranking-skips-api"),
    ("settings/ranking/versions", settings.RankingVersions, "ranking-version-api"),
]
urlpatterns = [*demand.urlpatterns, *settings.urlpatterns]
__all__ = ["ROUTES", "urlpatterns"]
