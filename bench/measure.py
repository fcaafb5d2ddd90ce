"""Do an operation again and again, alone or with others at once, and count its statements."""

import multiprocessing
import os
import time
from dataclasses import dataclass
from typing import Any

from bench.client import Wrong
from bench.operations import Operations, Row, Untimed
from bench.server import COUNTED, Server

WARM, MOST, SECONDS = 8, 150, 6.0


@dataclass(frozen=True)
class Figure:
    """One measured row."""

    row: Row
    p50: float = 0.0
    p95: float = 0.0
    per_second: float = 0.0
    count: int = 0
    statements: int | None = None
    fault: str = ""


def measure(server: Server, row: Row) -> Figure:
    """Times of one row; a fault of any client is told instead of a figure."""
    made: Any = server.made
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(row.clients), context.Queue()
    workers = [
        context.Process(target=_client, args=(server.port, made, number, row.code, gate, results))
        for number in range(row.clients)
    ]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=180) for _worker in workers]
    for worker in workers:
        worker.join()
    faults = [fault for _times, _elapsed, fault in found if fault]
    times = sorted(each for given, _elapsed, _fault in found for each in given)
    if not times:
        return Figure(row, fault=faults[0] if faults else "nothing was measured")
    rate = sum(len(given) / elapsed for given, elapsed, _fault in found if elapsed)
    try:
        counted = statements(server, row) if row.clients == 1 else None
    except (Wrong, OSError) as error:
        counted, faults = None, [*faults, f"statements: {error}"[:200]]
    return Figure(row, _at(times, 50), _at(times, 95), rate, len(times), counted, faults[0] if faults else "")


def _client(port: int, made: Any, number: int, code: str, gate: Any, results: Any) -> None:
    times: list[float] = []
    fault, elapsed = "", 0.0
    try:
        act = Operations(port, made, number).ready(code)
        for i in range(WARM):
            _once(act, i)
        gate.wait(timeout=120)
        begin, i = time.perf_counter(), WARM
        while len(times) < MOST and time.perf_counter() - begin < SECONDS:
            taken = _once(act, i)
            times += [taken] if taken else []
            i += 1
        elapsed = time.perf_counter() - begin
    except Exception as error:  # noqa: BLE001  # whatever it was belongs in the table
        fault = f"{type(error).__name__}: {error}"[:300]
        gate.abort()
    results.put((times, elapsed, fault))


def _once(act: Any, i: int) -> float:
    """Milliseconds of one doing; 0 when it does not count."""
    begin = time.perf_counter()
    try:
        after = act(i)
    except Untimed:
        return 0.0
    taken = (time.perf_counter() - begin) * 1000
    if callable(after):
        after()
    return taken


def statements(server: Server, row: Row) -> int | None:
    """Statements of one doing: the fewest of several, with engine and worker standing still."""
    made: Any = server.made
    act = Operations(server.port, made, 0).ready(row.code)
    for i in range(20):
        _once(act, i)  # every thread of both workers is warm
    counts = []
    with server.connect() as link, link.cursor() as cursor, server.alone():
        for i in range(20, 27):
            cursor.execute("SELECT pg_stat_statements_reset()")
            try:
                after = act(i)
            except Untimed:
                continue
            time.sleep(0.02)
            cursor.execute(COUNTED)
            counts.append(int(cursor.fetchone()[0]))
            if callable(after):
                after()
    return min(counts) if counts else None


def _at(times: list[float], percent: int) -> float:
    return times[min(len(times) - 1, round(percent / 100 * (len(times) - 1)))]


def load() -> str:
    """How busy the machine is."""
    return f"{os.getloadavg()[0]:.1f}"
