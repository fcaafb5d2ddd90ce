"""What a client sends: every field is known, typed and described; a field that nobody knows is refused by name."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.request import Request

from kernel.errors import Refused


class UnknownField(Refused):
    """The body has a field that the address does not know: 400, `fields` names it."""

    status = 400
    code = "unknown_field"


class Malformed(Refused):
    """The body is not an object of fields: 400."""

    status = 400
    code = "malformed"


def check_names(data: Any, known: Collection[str]) -> Mapping[str, Any]:
    """The body as a mapping with known names only. Malformed or UnknownField (400) say what else it is."""
    if not isinstance(data, Mapping):
        raise Malformed(_("The body is a JSON object with fields. Send one, or {} when there is nothing to say."))
    unknown = sorted(set(data) - set(known))
    if unknown:
        names = ", ".join(sorted(known)) or _("none")
        text = _("There is no field %(name)s here. Known are: %(known)s.") % {"name": unknown[0], "known": names}
        raise UnknownField(text, facts={"fields": {name: [text] for name in unknown}})
    return data


class Input(serializers.Serializer[Any]):
    """Base of everything that is sent. Unknown names are refused (400), values that do not fit too (422)."""

    def to_internal_value(self, data: Any) -> Any:
        """Cleaned values by name."""
        check_names(data, self.fields)
        if self.parent is not None:
            self._check_whole(data)
        return super().to_internal_value(data)

    def _check_whole(self, data: Mapping[str, Any]) -> None:
        """An object inside a change comes whole, though the change is not."""
        missing = [str(name) for name, field in self.fields.items() if field.required and name not in data]
        if missing:
            raise serializers.ValidationError({name: [_("This field is required.")] for name in missing})


class Nothing(Input):
    """A verb that needs nothing more: {}."""


def checked(shape: type[Input], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The body as cleaned values; 400 and 422 name the fields."""
    given = shape(data=request.data, partial=partial)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class InputDescribed(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # of the library
    """The schema says that nothing else may be sent."""

    target_class = Input
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """As the library describes it, closed."""
        described: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001  # the library's own way
        return described | {"additionalProperties": False}


class Named(serializers.Serializer[Any]):
    """Something that has an id and a name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class Coded(Named):
    """Something that has an id, a code and a name in the reader's language."""

    code = serializers.CharField()


class Names(Input):
    """A name in three languages; English stands in for one that is missing."""

    en = serializers.CharField(max_length=80)
    sv = serializers.CharField(max_length=80, required=False, allow_blank=True)
    zh_hans = serializers.CharField(max_length=80, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The third one has a name that is no Python name."""
        fields = super().get_fields()
        return {name.replace("_", "-"): field for name, field in fields.items()}


def all_languages(name: Mapping[str, str]) -> dict[str, str]:
    """{en, sv, zh-hans} from what was sent."""
    return {code: name.get(code) or name["en"] for code in ("en", "sv", "zh-hans")}


def without(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The mapping without these names."""
    left = set(names)
    return {name: value for name, value in values.items() if name not in left}
