"""Do an operation again and again, alone or with others at once, and count its statements."""

import multiprocessing
import os
import time
from dataclasses import dataclass, field
from typing import Any

from bench.client import Wrong
from bench.operations import Act, Operations, Row, Untimed
from bench.server import COUNTED, Server

WARM, MOST, SECONDS = 8, 150, 6.0
COSTED = 15
MOST_OF_MANY = 40
"""Of each client when several work at once."""


@dataclass(frozen=True)
class Figure:
    """One measured row; times in ms, `load` the machine's load average while it was measured."""

    row: Row
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    per_second: float = 0.0
    count: int = 0
    errors: int = 0
    size: int = 0
    load: str = ""
    statements: int | None = None
    processor: float | None = None
    fault: str = ""


@dataclass
class Tally:
    """What one client saw."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    errors: int = 0
    fault: str = ""
    elapsed: float = 0.0

    def wrong(self, error: Exception) -> None:
        """One that does not count, and why."""
        self.errors += 1
        self.fault = self.fault or f"{type(error).__name__}: {error}"[:300]


def measure(server: Server, row: Row) -> Figure:
    """Times of one row; a fault of any client is told."""
    made: Any = server.made
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(row.clients), context.Queue()
    workers = [
        context.Process(target=_client, args=(server.port, made, number, row, gate, results))
        for number in range(row.clients)
    ]
    for worker in workers:
        worker.start()
    found: list[Tally] = [results.get(timeout=180) for _worker in workers]
    for worker in workers:
        worker.join()
    busy, fault = load(), next((each.fault for each in found if each.fault), "")
    times = sorted(each for tally in found for each in tally.times)
    errors = sum(tally.errors for tally in found)
    if not times:
        return Figure(row, errors=errors, load=busy, fault=fault or "nothing was measured")
    sizes = sorted(each for tally in found for each in tally.sizes)
    counted, processor = None, None
    try:
        if row.clients == 1:
            counted, processor = costs(server, row)
    except (Wrong, OSError) as error:
        fault = fault or f"costs: {error}"[:200]
    return Figure(
        row, _at(times, 50), _at(times, 95), _at(times, 99), count=len(times), errors=errors, load=busy,
        per_second=sum(len(tally.times) / tally.elapsed for tally in found if tally.elapsed),
        size=sizes[len(sizes) // 2], statements=counted, processor=processor, fault=fault,
    )  # fmt: skip


def _client(port: int, made: Any, number: int, row: Row, gate: Any, results: Any) -> None:
    tally = Tally()
    try:
        act = Operations(port, made, number).ready(row.code)
        for i in range(WARM):
            _once(act, i, Tally())
        gate.wait(timeout=120)
        _loop(act, MOST if row.clients == 1 else MOST_OF_MANY, tally)
    except Exception as error:  # noqa: BLE001  # whatever it was belongs in the table
        tally.wrong(error)
        gate.abort()
    results.put(tally)


def _loop(act: Act, most: int, tally: Tally) -> None:
    begin, i = time.perf_counter(), WARM
    while len(tally.times) < most and tally.errors < 5 and time.perf_counter() - begin < SECONDS:
        try:
            _once(act, i, tally)
        except (Wrong, OSError) as error:
            tally.wrong(error)
        i += 1
    tally.elapsed = time.perf_counter() - begin


def _once(act: Act, i: int, tally: Tally) -> None:
    """One doing, with what has to follow it and is not timed."""
    begin = time.perf_counter()
    try:
        done = act(i)
    except Untimed:
        return
    tally.times.append((time.perf_counter() - begin) * 1000)
    answer, after = done if isinstance(done, tuple) else (done, None)
    tally.sizes.append(len(answer.body))
    if after is not None:
        after()


def costs(server: Server, row: Row) -> tuple[int | None, float | None]:
    """Statements of one doing, the fewest of several, and ms of the web's processor, the median; nothing else runs."""
    act = Operations(server.port, _texts(server.made), 0).ready(row.code)
    for i in range(20):
        _once(act, i, Tally())  # every thread of both workers is warm
    counts, used = [], []
    with server.connect() as link, link.cursor() as cursor, server.alone():
        for i in range(20, 20 + COSTED):
            cursor.execute("SELECT pg_stat_statements_reset()")
            begin = server.web_processor()
            try:
                done = act(i)
            except Untimed:
                continue
            time.sleep(0.02)
            used.append(server.web_processor() - begin)
            cursor.execute(COUNTED)
            counts.append(int(cursor.fetchone()[0]))
            if isinstance(done, tuple):
                done[1]()
    return (min(counts), sorted(used)[len(used) // 2]) if counts else (None, None)


def _texts(made: Any) -> dict[str, list[str]]:
    return {kind: texts for kind, texts in made.items() if isinstance(texts, list)}


def _at(times: list[float], percent: int) -> float:
    return times[min(len(times) - 1, round(percent / 100 * (len(times) - 1)))]


def load() -> str:
    """How busy the machine is."""
    return f"{os.getloadavg()[0]:.1f}"
