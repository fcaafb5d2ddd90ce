"""Fixtures for every test."""

import os

import pytest
from django.conf import settings as site
from django.db import connection
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from itsm.testing import prepare_template
from tests.chromium import chromium  # noqa: F401  # a fixture

# The same cases at each run and no clock: a busy machine fails nothing. `python -m tests.kernel.soak` looks further.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


def own_cache() -> None:
    """A cache for this worker alone, with patience: others neither count into it nor empty it, and load delays it."""
    cache = site.CACHES["default"]
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number, place = 1 + worker % 15, str(cache["LOCATION"]).partition("?")[0]
    is_socket = place.startswith("unix:")
    cache["LOCATION"] = f"{place}?db={number}" if is_socket else f"{'/'.join(place.split('/')[:3])}/{number}"
    cache["OPTIONS"] = {"socket_timeout": 10, "socket_connect_timeout": 10}


own_cache()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let pytest-django clone a migrated database instead of migrating one for each worker."""
    with django_db_blocker.unblock():
        prepare_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with transaction=True empty their tables, which the journal refuses everywhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS append_only_truncate ON journal_event")
