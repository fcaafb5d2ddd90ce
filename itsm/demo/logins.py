"""What the person who starts the demo needs to know."""

from accounts.models import User
from accounts.roles import ROLES
from itsm.demo.people import DOMAIN, LOGINS, PASSWORD
from itsm.demo.wiring import token_text


def login_lines() -> list[str]:
    """One line for each login that still exists, with the password, the tokens and a hint; none without the demo."""
    known = set(User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True).values_list("email", flat=True))
    logins = [login for login in LOGINS if f"{login.address}@{DOMAIN}" in known]
    if not logins:
        return []
    return [
        f"  Demo logins, all with the password {PASSWORD}",
        *(f"    {login.address + '@' + DOMAIN:28} {ROLES[login.role].label}, {login.name}" for login in logins),
        f"  API tokens: {token_text('demo')} (alerts), {token_text('desk')} (as the agent)",
        "  Nobody is asked for a second factor in the demo; Settings, Sign-in changes that.",
    ]
