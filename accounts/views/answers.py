"""What the views of this room share: run a command behind a form, keep what it refuses at its field."""

from collections.abc import Callable

from django import forms

from kernel.errors import Unprocessable

SETTINGS = {"area": "settings"}


def tried(form: forms.Form, save: Callable[[], object]) -> bool:
    """Whether the form was right and the command took it; an Unprocessable is shown at the form, the rest is raised."""
    if not form.is_valid():
        return False
    try:
        save()
    except Unprocessable as refused:
        for name, messages in (refused.fields or {"": [refused.message]}).items():
            for message in messages:
                form.add_error(name if name in form.fields else None, message)
        return False
    return True
