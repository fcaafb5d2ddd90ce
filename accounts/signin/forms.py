"""Forms of the sign-in library with our words, and the second factor's guesses counted like passwords."""

from typing import Any

from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as LibraryAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as LibraryReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signin.throttle import FACTOR_PREFIX


class LoginForm(LibraryLoginForm):
    """E-mail and password; labels say it, nothing stands in the boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class _CountedCode:
    """Five wrong codes, then a pause: the same counters as for passwords."""

    user: User
    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from your authenticator app, or a recovery code")
        attrs = self.fields["code"].widget.attrs
        attrs.pop("placeholder", None)
        attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})

    def clean_code(self) -> str:
        """The code when it is right and the account is not paused; every wrong one is counted."""
        request = context.request
        credentials = {"username": f"{FACTOR_PREFIX}{self.user.email}"}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            raise ValidationError(_("Too many wrong codes. Wait a quarter of an hour, then try again."))
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the library's form
        except ValidationError as fault:
            AxesProxyHandler.user_login_failed(type(self), credentials=credentials, request=request)
            text = _("This code is not right or has been used. Wait for the next one and type that.")
            raise ValidationError(text, code="incorrect_code") from fault
        return code


class AuthenticateForm(_CountedCode, LibraryAuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_CountedCode, LibraryReauthenticateForm):
    """The second factor asked again before it is changed."""
