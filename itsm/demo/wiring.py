"""How the world outside reaches the demo: alert sources, tokens; and who is told what."""

from accounts.commands.settings import change_setting
from accounts.commands.tokens import digest_of
from accounts.models import Token, User
from accounts.options import KEY, SignInOptions
from accounts.queries import SYSTEM
from intake.models import SeverityRule, Source
from itsm.demo.world import World
from notifications import commands as notifications

TOKENS = {
    "demo": ("integration", "alerts", ["alerts:write", "records:read", "records:write"]),
    "desk": ("agent", "script", ["records:read", "records:write", "work:write", "reports:read"]),
}
"""Prefix → whose token, its secret, its scopes. Known to everybody, as the passwords of the demo are."""


def token_text(prefix: str) -> str:
    """What a client sends."""
    return f"spd_{prefix}_{TOKENS[prefix][1]}"


def build_wiring(world: World) -> None:
    """Sources, severity rules, tokens, notification rules; no second factor for people who do not exist."""
    change_setting(KEY, SignInOptions(second_factor_roles=()), actor=SYSTEM, at=world.at)
    source = Source.objects.create(
        code="alertmanager", name="Alertmanager", format=Source.Format.ALERTMANAGER,
        component_labels=["component", "instance", "host"], service_labels=["service", "job"],
        default_team=world.teams["servers"],
    )  # fmt: skip
    Source.objects.create(
        code="script", name="Egna skript", format=Source.Format.GENERIC, component_labels=["component", "host"],
        service_labels=["service"], default_team=world.teams["yunwei"], on_resolved=Source.OnResolved.ANNOTATE,
    )  # fmt: skip
    rules = (("alertname", "Watchdog", 4, 4, True), ("severity", "critical", 2, 1, False),
             ("severity", "warning", 3, 3, False), ("severity", "info", 4, 4, False))  # fmt: skip
    SeverityRule.objects.bulk_create(
        [
            SeverityRule(source=source, position=number, label=label, pattern=pattern, impact=impact, urgency=urgency,
                         ignores=is_noise)
            for number, (label, pattern, impact, urgency, is_noise) in enumerate(rules)
        ]
    )  # fmt: skip
    Token.objects.bulk_create(
        [_token(world, prefix, world.roles[role], secret, scopes) for prefix, (role, secret, scopes) in TOKENS.items()]
    )
    notifications.apply_defaults(actor=SYSTEM, at=world.at)


def _token(world: World, prefix: str, user: User, secret: str, scopes: list[str]) -> Token:
    return Token(
        user=user, name=secret, prefix=prefix, digest=digest_of(secret), scopes=sorted(scopes), created_at=world.at,
        created_by=world.roles["administrator"],
    )  # fmt: skip
