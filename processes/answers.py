"""What the views of every process share in answering a form."""

from django.forms import Form
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kernel.errors import Refused, Unprocessable


def add_errors(form: Form, refusal: Refused) -> None:
    """Show a command's refusal in the form: at its fields where it names them, above it otherwise."""
    named = refusal.fields if isinstance(refusal, Unprocessable) else {}
    for name, messages in named.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
    if not named:
        form.add_error(None, refusal.message)


def next_url(request: HttpRequest, otherwise: str) -> str:
    """Where a form wants to go afterwards, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted and is_ours else otherwise
