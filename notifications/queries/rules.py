"""Who is told about which event, and which machines."""

from django.db.models import QuerySet

from accounts.models import Team
from journal.units import once
from kernel.errors import NotFound
from notifications.models import Rule, Webhook


def rules_for(code: str) -> list[Rule]:
    """Rules in use for an event code or its family."""
    family = code.partition(".")[0] + ".*"
    every = once("notifications.rules", lambda: list(Rule.objects.filter(retired_at=None).order_by("pk")))
    return [rule for rule in every if rule.code in (code, family)]


def webhooks_for(code: str) -> list[Webhook]:
    """Active webhooks that asked for this code, its family or everything."""
    family = code.partition(".")[0] + ".*"
    hooks = once("notifications.hooks", lambda: list(Webhook.objects.filter(is_active=True, retired_at=None)))
    return [hook for hook in hooks if {code, family, "*"} & set(hook.codes)]


def rules() -> QuerySet[Rule]:
    """Rules in use."""
    return Rule.objects.filter(retired_at=None).select_related("team").order_by("code", "pk")


def teams() -> QuerySet[Team]:
    """Teams that can be told."""
    return Team.objects.filter(retired_at=None)


def rule(pk: int) -> Rule:
    """A rule in use; NotFound when there is none."""
    found = rules().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such rule.")
    return found


def webhooks() -> QuerySet[Webhook]:
    """Webhooks in use."""
    return Webhook.objects.filter(retired_at=None).order_by("name", "pk")


def webhook(pk: int) -> Webhook:
    """A webhook in use; NotFound when there is none."""
    found = webhooks().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such webhook.")
    return found
