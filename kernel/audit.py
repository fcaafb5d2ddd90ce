"""Field-level audit by database triggers: `@audited` on every model that holds what people decide (DOMAIN X2)."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def audited(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Keep a row version for every insert, update and delete; changes of `exclude` alone leave none."""
    changed = pghistory.AnyChange(exclude=list(exclude)) if exclude else pghistory.AnyChange()
    track: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=changed),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )
    return track
