"""A small site around the real shell, components and scripts, in a process of its own and without a database.

`python -m tests.design.site` prints the port it listens on; its pages are in tests/design/rooms.py.
"""

import json
import sys
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

from itsm import settings as installation

ROOMS = "tests.design.rooms"


def configure() -> None:
    """The installation's settings without what needs a database."""
    values = {name: getattr(installation, name) for name in dir(installation) if name.isupper()}
    template = {**values["TEMPLATES"][0], "APP_DIRS": True}
    template["DIRS"] = [*template["DIRS"], installation.ROOT / "tests/design/templates"]
    template["OPTIONS"] = {
        "libraries": {"spindel": "kernel.templatetags.spindel"},
        "context_processors": ["django.template.context_processors.request", f"{ROOMS}.frame"],
    }
    values |= {
        "ROOT_URLCONF": ROOMS,
        "TEMPLATES": [template],
        "INSTALLED_APPS": ["django.contrib.messages", "django.contrib.staticfiles", "django.forms", "django_htmx"],
        "MIDDLEWARE": [
            "csp.middleware.CSPMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
        "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        "LOGGING_CONFIG": None,
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "CSRF_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "DEBUG": False,
    }
    settings.configure(**values)
    django.setup()


class Server(ThreadingMixIn, WSGIServer):
    """Answers a browser's parallel requests."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing on standard error."""

    def log_message(self, *args: Any) -> None:
        """Nothing."""


def serve() -> None:
    """Listen on a free port of loopback and say which."""
    configure()
    handler = StaticFilesHandler(WSGIHandler())
    with make_server("127.0.0.1", 0, handler, server_class=Server, handler_class=Quiet) as server:
        sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    serve()
