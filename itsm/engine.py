"""The resident process: each room's sweep, the relay and the seal, in threads, woken by commits, back after outages.

A slow mail server delays mails and nothing else, because every room sweeps in a thread of its own.

Nothing here is the truth: a killed engine loses nothing, because due rows and outbox rows stay until their effect is
committed. There is no "running" flag and no lease on the engine itself; two engines do no harm.
"""

import logging
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

from itsm import rounds
from journal.commands.relay import CHANNEL
from journal.units import is_database_away
from kernel.sweeps import Sweeper, all_sweepers

log = logging.getLogger("spindel.engine")
BEAT_SECONDS = 10.0
OUTAGE_SECONDS = 1.0
STOP_SECONDS = 15.0


@dataclass
class Loop:
    """A thread that does a round when woken or when `period` is over, and goes on at once while there is more."""

    name: str
    period: float
    work: Callable[[], int]
    stop: threading.Event
    wake: threading.Event = field(default_factory=threading.Event)
    beaten: float = float("-inf")

    def start(self) -> threading.Thread:
        """Start the thread."""
        thread = threading.Thread(target=self.run, name=self.name)
        thread.start()
        return thread

    def run(self) -> None:
        """Work until told to stop; an outage or a fault is waited out."""
        try:
            while not self.stop.is_set():
                self.wake.clear()
                if not self._round():
                    self.wake.wait(self.period)
        finally:
            connection.close()

    def _round(self) -> int:
        begun = time.monotonic()
        try:
            close_old_connections()
            done = self.work()
            if begun - self.beaten >= BEAT_SECONDS:
                rounds.alive(f"engine:{self.name}", time.monotonic() - begun)
                self.beaten = begun
        except Exception as fault:  # noqa: BLE001  # it is logged, and the loop goes on
            self._failed(fault)
            return 0
        return done

    def _failed(self, fault: Exception) -> None:
        if is_database_away(fault):
            log.warning("%s waits for the database: %s", self.name, str(fault).strip())
        else:
            log.exception("%s failed; it goes on", self.name)
        connection.close()
        self.stop.wait(OUTAGE_SECONDS)


class Engine:
    """All loops, and the ear for commits."""

    def __init__(self, tick: float = 1.0) -> None:
        self.stop = threading.Event()
        rooms = sorted({sweeper.name.partition(".")[0] for sweeper in all_sweepers()})
        sweeps = [Loop(f"sweep.{room}", tick, Schedule(room).due_round, self.stop) for room in rooms]
        self.woken = [*sweeps, Loop("relay", tick, rounds.relay, self.stop)]
        self.loops = [*self.woken, Loop("seal", 60.0, rounds.seal, self.stop)]

    def run(self) -> None:
        """Until `ask_to_stop`; returns when every thread has finished its round."""
        threads = [loop.start() for loop in self.loops]
        ear = threading.Thread(target=self._listen, name="listen")
        ear.start()
        while not self.stop.wait(0.5):
            if not all(thread.is_alive() for thread in threads):
                log.error("a thread ended by itself; the engine stops, so that it is started again")
                self.ask_to_stop()
        for thread in (*threads, ear):
            thread.join(STOP_SECONDS)
        log.info("stopped")

    def ask_to_stop(self, *_signal: object) -> None:
        """Finish the present rounds and come to an end. Safe in a signal handler."""
        self.stop.set()
        for loop in self.loops:
            loop.wake.set()

    def _listen(self) -> None:
        try:
            while not self.stop.is_set():
                try:
                    self._hear()
                except Exception as fault:
                    if not is_database_away(fault):
                        log.exception("listening failed; the tick goes on")
                    connection.close()
                    self.stop.wait(OUTAGE_SECONDS)
        finally:
            connection.close()

    def _hear(self) -> None:
        """Wake the relay and the sweep at every commit that gave them work. Losing a call costs one tick."""
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        wire = connection.connection
        while not self.stop.is_set():
            if not select.select([wire], [], [], 1.0)[0]:
                continue
            wire.poll()
            if wire.notifies:
                wire.notifies.clear()
                for loop in self.woken:
                    loop.wake.set()


class Schedule:
    """Which sweepers of a room are due in this process."""

    def __init__(self, room: str) -> None:
        self.sweepers = [sweeper for sweeper in all_sweepers() if sweeper.name.partition(".")[0] == room]
        self.ran: dict[str, float] = {}

    def due_round(self) -> int:
        """Run the sweepers whose time has come."""
        now = time.monotonic()
        due = [each for each in self.sweepers if now - self.ran.get(each.name, float("-inf")) >= self._period(each)]
        self.ran.update({each.name: now for each in due})
        return rounds.sweep(due)

    def _period(self, sweeper: Sweeper) -> float:
        """Claimed ones are asked each minute: the database knows whose turn it is. A tick may come a little early."""
        return min(sweeper.every, 60.0) - 0.05 if sweeper.every > 1 else 0.0
