"""/api/v1/: routes of every app that has an api.py, the schema and the page that shows it.

An app's `api.py` gives `ROUTES`, a list of (prefix, viewset, name) for the router, and may give `urlpatterns`.
"""

import hashlib
import json
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.utils.encoders import JSONEncoder

from accounts import rest
from accounts.doors import PUBLIC, SIGNED_IN, signed_in
from accounts.rest.problems import not_found
from accounts.rest.views import ANY_SCOPE


class Json(OpenApiJsonRenderer):
    """Without the blanks between things, which are two thirds of what the library writes."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """One line."""
        del args, kwargs
        return json.dumps(data, separators=(",", ":"), cls=JSONEncoder).encode()


class PlainJson(Json):
    """The same for who asks for any JSON."""

    media_type = "application/json"


class Schema(rest.View, SpectacularAPIView):
    """The description of the API, as YAML or JSON."""

    access = SIGNED_IN
    scope_read = ANY_SCOPE
    renderer_classes: Any = [OpenApiYamlRenderer, OpenApiYamlRenderer2, Json, PlainJson]

    def _get_schema_response(self, request: Any) -> HttpResponse:
        """As it was made for the first who asked in this language and format; 304 for whoever has it."""
        shown = request.accepted_renderer
        body, tag = _written(shown.__class__, translation.get_language())
        answer = HttpResponse(body, content_type=shown.media_type, headers={"ETag": tag})
        answer["Content-Disposition"] = f'inline; filename="Spindel.{shown.format}"'
        patch_vary_headers(answer, ["Accept", "Accept-Language", "Cookie", "Authorization"])
        return cast("HttpResponse", get_conditional_response(request, etag=tag, response=answer))


@lru_cache(maxsize=16)
def _written(shape: Any, language: str) -> tuple[bytes, str]:
    """The description and its ETag. The same for everybody, and as long as the process runs: both are its code's."""
    with translation.override(language):
        make: Any = SchemaGenerator
        body: bytes = shape().render(make().get_schema(request=None, public=True), renderer_context={})
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


class Nothing(rest.View):
    """Every other address below /api/: the same 404 as for what is hidden."""

    access = PUBLIC

    @extend_schema(exclude=True)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """404 in the API's form, for every method."""
        self.headers: dict[str, str] = {}
        answer: Response = self.finalize_response(self.initialize_request(request), not_found())
        return answer


@require_safe
@signed_in
def docs(request: HttpRequest) -> HttpResponse:
    """The page to read and try the API, without a CDN and without inline scripts."""
    return render(request, "api_docs.html", {"area": "settings"})


router = SimpleRouter()
own: list[URLPattern | URLResolver] = []
for app in settings.FLOORS[1:-1]:
    if find_spec(f"{app}.api"):
        module = import_module(f"{app}.api")
        for prefix, viewset, name in getattr(module, "ROUTES", ()):
            router.register(prefix, viewset, basename=name)
        own += getattr(module, "urlpatterns", [])

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/schema/", Schema.as_view(), name="api-schema"),
    path("api/docs/", docs, name="api-docs"),
    path("api/v1/", include([*own, *router.urls])),
    re_path(r"^api/", Nothing.as_view(), name="api-nothing"),
]
