"""The periodic door: send what is due."""

from datetime import datetime

from kernel.sweeps import sweeper
from notifications import commands


@sweeper("notifications.deliver", every=1)
def deliver(at: datetime) -> int:
    """Send due mails and webhook calls."""
    return commands.deliver_due(at)
