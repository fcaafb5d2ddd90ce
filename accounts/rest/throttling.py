"""How often one caller may ask. Counted in the cache, so open while it is away: sign-in is counted elsewhere."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.signin.throttle import client_address


class CallerThrottle(SimpleRateThrottle):
    """Per token, else per person, else per address."""

    scope = "caller"
    THROTTLE_RATES = {"caller": "1200/min"}

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """One counter a caller."""
        if request.auth is not None:
            ident = f"token-{request.auth.pk}"
        elif request.user.is_authenticated:
            ident = f"user-{request.user.pk}"
        else:
            ident = f"address-{client_address(request._request)}"  # noqa: SLF001  # the address is the connection's
        return self.cache_format % {"scope": self.scope, "ident": ident}
