"""Named in DATABASES as ENGINE; Django wants the class in a module of this name."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket, not the server: a request on a kept connection costs one statement less.

    A server that went away has closed its end, or says goodbye first, so there is something to read on a connection
    that waits for nothing. Only then the server is asked, as Django always does.
    """

    def is_usable(self) -> bool:
        """Whether the next statement will reach a server."""
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0) or super().is_usable()
