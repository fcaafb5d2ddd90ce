"""Fixtures of the incident tests."""

import pytest

from tests.incidents.help import World


@pytest.fixture
def world(db: None) -> World:
    """The usual people."""
    return World()
