"""Celery's beat as a second way to what the engine does; each message may be lost or doubled without harm."""

from celery import shared_task

from itsm import rounds


@shared_task
def sweep() -> None:
    """A round of all sweepers, and a sign of life that came through the broker."""
    rounds.sweep()
    rounds.alive("worker")


@shared_task
def relay() -> None:
    """A batch of reactions after commit."""
    rounds.relay()


@shared_task
def seal() -> None:
    """Seal what has finished."""
    rounds.seal()
