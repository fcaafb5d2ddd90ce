"""Settings that are one object: read it with its ETag, put it whole."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.commands.holding import hold
from accounts.doors import Access
from accounts.rest.inputs import Input, checked
from accounts.rest.rows import EDIT, READ, SEEN, match_tag, tag_of
from accounts.rest.views import View

Found = TypeVar("Found", bound="SettingsObject")


class SettingsObject(View):
    """One object of settings. `given` is what is put, `shown` what is answered."""

    access: ClassVar[Access | Mapping[str, Access] | None] = {"get": READ, "put": EDIT}
    scope_read = scope_write = "settings:write"
    given: ClassVar[type[Input]]
    shown: ClassVar[type[serializers.Serializer[Any]]]

    def present(self) -> Any:
        """What is in force."""
        raise NotImplementedError

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """Put the whole object in force."""
        raise NotImplementedError

    def held_as(self) -> str:
        """The name under which writers wait for each other."""
        return type(self).__name__

    def get(self, request: Request) -> Response:
        """What is in force, with its ETag."""
        del request
        return self._answer()

    def put(self, request: Request) -> Response:
        """Put another one in force. If-Match is needed: 428 without it, 412 when somebody was first."""
        values = checked(self.given, request)

        def work(at: datetime) -> Response:
            hold(self.held_as())
            match_tag(request, tag_of(self.shown(self.present()).data), is_required=True)
            self.save(values, at)
            return self._answer()

        return self.act(work)

    def _answer(self) -> Response:
        body = self.shown(self.present()).data
        return Response(body, headers={"ETag": tag_of(body)})


def object_of(one: str, *, name: str, tag: str) -> Callable[[type[Found]], type[Found]]:
    """Describe both operations of a subclass: what the object is called, its operations' name, its chapter."""

    def describe(view: type[Found]) -> type[Found]:
        read = extend_schema(operation_id=f"{name}_read", tags=[tag], summary=f"Read the {one}", responses=view.shown)
        put = extend_schema(
            operation_id=f"{name}_put", tags=[tag], summary=f"Change the {one}", parameters=[SEEN],
            request=view.given, responses=view.shown,
        )  # fmt: skip
        made: type[Found] = extend_schema_view(get=read, put=put)(view)
        return made

    return describe
