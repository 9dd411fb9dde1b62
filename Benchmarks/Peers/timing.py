# SPDX-License-Identifier: MIT
"""Interleaved timing: A B A B ... in one run, with a look at what else the machine was doing."""
import os
import time

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

# OpenBLAS's threads keep looking for work for about this long; the other side must not run beside them.
SETTLE_SECONDS = 0.06


def quantile(values, share):
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def summary(values):
    return {"median": quantile(values, 0.5), "p10": quantile(values, 0.1), "p90": quantile(values, 0.9), "n": len(values)}


def time_batch(function, repetitions):
    """Milliseconds of each repetition, after one that does not count."""
    function()
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1e3)
    return times


class ForeignLoad:
    """Share of all processors that other processes took (Linux; elsewhere 0)."""

    def __init__(self, *children):
        self.children = children
        self.available = os.path.exists("/proc/stat")

    def start(self):
        self.before = self._read()

    def share(self):
        if not self.available:
            return 0.0
        after = self._read()
        elapsed = (after[2] - self.before[2]) * TICKS * os.cpu_count()
        return max(0.0, ((after[0] - self.before[0]) - (after[1] - self.before[1])) / max(elapsed, 1))

    def _read(self):
        if not self.available:
            return 0, 0, time.perf_counter()
        with open("/proc/stat", encoding="ascii") as file:
            fields = [int(value) for value in file.readline().split()[1:9]]
        busy = sum(fields) - fields[3] - fields[4]  # all but idle and waiting for input; stolen time counts as foreign
        own = sum(os.times()[:2]) * TICKS
        for process in self.children:
            with open(f"/proc/{process}/stat", encoding="ascii") as file:
                parts = file.read().rsplit(")", 1)[1].split()
            own += int(parts[11]) + int(parts[12])
        return busy, own, time.perf_counter()
