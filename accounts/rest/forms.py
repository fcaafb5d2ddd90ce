"""A page's form as an API's body: described field by field from the form itself, filled from JSON, refused by name."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.rest.inputs import Input, check_names
from kernel.errors import Unprocessable

Make = Callable[[forms.Field, dict[str, Any]], serializers.Field[Any, Any, Any, Any]]


def described(form: type[forms.Form], name: str) -> type[Input]:
    """A serializer that says what the form takes; it describes, the form itself checks."""
    fields = {each: _described(field) for each, field in form.base_fields.items()}
    return type(name, (Input,), {"__doc__": form.__doc__, "__module__": form.__module__, **fields})


def filled(form: type[forms.Form], data: Any, **known: Any) -> dict[str, Any]:
    """The form's cleaned values from a JSON object. 400 for an unknown field, 422 with messages per field."""
    given = check_names(data, form.base_fields)
    plain = {name: _plain(name, value) for name, value in given.items()}
    start = {name: field.initial for name, field in form.base_fields.items() if _has_default(field)}
    bound = form({**start, **{name: value for name, value in plain.items() if value is not None}}, **known)
    if not bound.is_valid():
        fields = {name: [str(each) for each in errors] for name, errors in bound.errors.items()}
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    return dict(bound.cleaned_data)


def _plain(name: str, value: Any) -> Any:
    """A value as a browser would send it: numbers as text, true and false as they are."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return str(value)
    text = _("%(name)s is a single value.") % {"name": name}
    raise Unprocessable(text, fields={name: [text]})


def _has_default(field: forms.Field) -> bool:
    return field.initial not in (None, "") and not callable(field.initial)


def _described(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    known: dict[str, Any] = {"required": field.required and not _has_default(field)}
    known["help_text"] = ". ".join(str(each) for each in (field.label, field.help_text) if each)
    if _has_default(field):
        known = known | {"default": field.initial, "required": False}
        del known["required"]
    for kind, make in _MAKERS:
        if isinstance(field, kind):
            return make(field, known)
    raise TypeError(f"Say in accounts/rest/forms.py how {type(field).__name__} is described.")


def _choice(field: Any, known: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    codes = [code for code, _label in field.choices if code != ""]
    return serializers.ChoiceField(choices=codes, allow_blank=not field.required, **known)


def _number(field: Any, known: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    return serializers.IntegerField(
        min_value=field.min_value, max_value=field.max_value, allow_null=not field.required, **known
    )


def _text(field: Any, known: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    return serializers.CharField(max_length=field.max_length, allow_blank=not field.required, **known)


def _row(field: forms.Field, known: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    return serializers.IntegerField(min_value=1, allow_null=not field.required, **_with(known, _("id")))


def _with(known: Mapping[str, Any], more: str) -> dict[str, Any]:
    return {**known, "help_text": f"{known['help_text']} ({more})"}


_MAKERS: tuple[tuple[type[forms.Field], Make], ...] = (
    (forms.ModelChoiceField, _row),
    (forms.ChoiceField, _choice),
    (forms.NullBooleanField, lambda _field, known: serializers.BooleanField(allow_null=True, **known)),
    (forms.BooleanField, lambda _field, known: serializers.BooleanField(**known)),
    (forms.IntegerField, _number),
    (forms.DateTimeField, lambda _field, known: serializers.DateTimeField(allow_null=True, **known)),
    (forms.DateField, lambda _field, known: serializers.DateField(allow_null=True, **known)),
    (forms.CharField, _text),
)
