#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Compares our speed with OpenBLAS and PyTorch on the same machine in the same run: A B A B ..., both sides warm, medians.

    python3 Benchmarks/Peers/compare.py [--json FILE] [--rows PART ...] [--rounds N] [--seconds S] [--threads N]

Build first (dotnet build -c Release). Needs a Python with numpy and PyTorch, and OpenBLAS as a shared library; rows of a peer that is
missing are left out. Peers run with the settings under which they are fastest here, which are tried first (all results are in the JSON):
an OpenBLAS that does not know the processor falls back to kernels for an old one, and spinning threads of PyTorch and OpenBLAS take the
processors from each other. With --own-settings they run as they are installed, apart from the number of threads.
"""
import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

import timing
from flowratio_server import HERE, Server, run_command
from openblas import OpenBlas

try:
    import torch
    import torch_flow
except ImportError:
    torch = torch_flow = None

CHOSEN = "FLOWRATIO_PEER_SETTINGS"
# What is tried, one after the other, and which of the probe's times decides: kernels of OpenBLAS; vector width of PyTorch; threads of
# PyTorch that sleep instead of spinning beside those of OpenBLAS; large blocks of memory kept instead of being returned to the system.
SETTINGS = (({"OPENBLAS_CORETYPE": "SkylakeX"}, "gemm_ms"), ({"ATEN_CPU_CAPABILITY": "avx512"}, "step_ms"),
            ({"OMP_WAIT_POLICY": "passive"}, "wide_step_ms"),
            ({"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "4294967296"}, "evaluation_ms"))
TALL, THIN = ((512, 1024, 1024), (1000, 1024, 1024), (2048, 1024, 1024)), ((64, 1024, 1024), (512, 1024, 20))
FOREIGN_LIMIT = 0.05
PROBE_LIMIT_SECONDS = 60


@dataclass
class Row:
    """One line of the table: our case against the fastest of some peers."""
    name: str
    case: str
    threads: int
    peers: dict = field(default_factory=dict)   # label -> factory of a function, or the name of a case of ours
    target: float = None
    share: bool = False                         # the ratio is of rates (our share of a ceiling), not of times


def rows(threads):
    result = []
    for kind, (shapes, limits) in itertools.product(
            ("forward", "data-gradient", "weight-gradient"), ((TALL, {1: 1.1, threads: 1.05}), (THIN, {1: 1.6, threads: 1.6}))):
        for shape, count in itertools.product(shapes, sorted({1, threads})):
            size = "x".join(map(str, shape))
            result.append(Row(
                f"gemm {kind} {size}, {count} thread(s), against OpenBLAS", f"gemm/{kind}/{size}@{count}", count,
                {"openblas": lambda blas, kind=kind, shape=shape: blas.gemm(kind, *shape)}, limits[count] if kind == "forward" else None))
    if threads > 1:
        for shape in TALL:
            size = "x".join(map(str, shape))
            result.append(Row(f"gemm forward {size}, {threads} threads against our own one", f"gemm/forward/{size}@{threads}", threads,
                              {"ours, one thread": f"gemm/forward/{size}@1"}, 1.85 if threads == 2 else None))
    for count in sorted({1, threads}):
        result.append(Row(f"head w1024, 1000 rows, {count} thread(s), share of the multiply-add ceiling", f"head/w1024@{count}", count,
                          {"ceiling": f"ceiling@{count}"}, 0.8, share=True))
    if torch is None:
        return result
    for width, target in ((1024, 1.9), (256, 3.5)):
        peers = {f"pytorch, foreach={foreach}": lambda _, width=width, foreach=foreach: torch_flow.training_step(width, foreach=foreach)
                 for foreach in (False, True)}
        result.append(Row(f"training step w{width}, batch 512", f"training-step/w{width}@{threads}", threads, peers, target))
    for width, target in ((1024, 4.5), (256, None)):
        for label, rates, limit in (("the reference's evaluation", torch_flow.reference_rates, target),
                                    ("a pruned PyTorch evaluation", torch_flow.pruned_rates, None)):
            result.append(Row(
                f"one S1 evaluation w{width}, 1000 points, against {label}", f"evaluation/s1/w{width}@{threads}", threads,
                {"pytorch": lambda _, width=width, rates=rates: torch_flow.evaluation(width, rates)}, limit))
    return result


class Comparison:
    def __init__(self, options):
        self.options = options
        self.server = Server(options.threads)
        try:
            self.blas = OpenBlas()
        except OSError as error:
            print(f"Without OpenBLAS: {error}", file=sys.stderr)
            self.blas = None
        self.load = timing.ForeignLoad(self.server.process.pid)
        self.control = self.blas.gemm("forward", 1000, 1024, 1024) if self.blas else lambda: None

    def set_threads(self, threads):
        """Both libraries under PyTorch have a number of threads of their own."""
        if self.blas:
            self.blas.set_threads(threads)
        if torch is not None:
            torch.set_num_threads(threads)

    def measure(self, row):
        sides = {"ours": self._ours(row.case)}
        for label, peer in row.peers.items():
            if isinstance(peer, str):
                sides[label] = self._ours(peer)
            elif self.blas is not None or label != "openblas":
                self.set_threads(row.threads)
                sides[label] = self._theirs(peer(self.blas))
        if len(sides) == 1:
            return None
        repetitions = {label: self._repetitions(side) for label, side in sides.items()}
        rounds = [self._round(row, sides, repetitions) for _ in range(self.options.rounds)]
        clean = [entry for entry in rounds if entry["foreign"] < FOREIGN_LIMIT]
        kept = clean if 2 * len(clean) >= len(rounds) else rounds
        times = {label: timing.summary([ms for entry in kept for ms in entry["times"][label]]) for label in sides}
        peer = min((label for label in sides if label != "ours"), key=lambda label: times[label]["median"])
        factor = self.server.flop(row.case) / self.server.flop(row.peers[peer]) if row.share else 1.0
        ratios = [factor * timing.quantile(entry["times"][peer], 0.5) / timing.quantile(entry["times"]["ours"], 0.5) for entry in kept]
        return {"name": row.name, "case": row.case, "threads": row.threads, "peer": peer, "ratio": timing.quantile(ratios, 0.5),
                "ratio_p10": timing.quantile(ratios, 0.1), "ratio_p90": timing.quantile(ratios, 0.9), "target": row.target,
                "milliseconds": times, "gflops": {"ours": self.server.flop(row.case) / times["ours"]["median"] / 1e6},
                "rounds": len(rounds), "clean_rounds": len(clean), "round_ratios": ratios,
                "control_ms": [entry["control"] for entry in rounds], "foreign_share": [entry["foreign"] for entry in rounds]}

    def _round(self, row, sides, repetitions):
        self.set_threads(self.options.threads)
        control = timing.quantile(timing.time_batch(self.control, 20)[10:], 0.5)
        self.set_threads(row.threads)
        time.sleep(timing.SETTLE_SECONDS)
        self.load.start()
        times = {}
        for label, side in sides.items():
            times[label] = self._turn(side, repetitions[label])
            time.sleep(timing.SETTLE_SECONDS)
        return {"times": times, "control": control, "foreign": self.load.share()}

    def _ours(self, case):
        self.server.ask(f"{case} 0")
        return lambda repetitions: self.server.milliseconds(case, repetitions)

    @staticmethod
    def _theirs(function):
        return lambda repetitions: timing.time_batch(function, repetitions)

    @staticmethod
    def _turn(side, repetitions):
        """A turn's first part does not count: it takes a while until the system has spread waking threads over the processors."""
        return side(repetitions + repetitions // 2)[repetitions // 2:]

    def _repetitions(self, side):
        middle = timing.quantile(side(3), 0.5)
        return int(min(max(self.options.seconds * 1e3 / max(middle, 1e-3), 4), 1000))


def probe():
    """What decides the settings: a large product, and training steps of both widths."""
    blas = OpenBlas()
    result = {"core": blas.describe()["core"], "gemm_ms": typical(blas.gemm("forward", 1000, 1024, 1024), 30)}
    if torch is not None:
        torch.set_num_threads(os.cpu_count())
        result["step_ms"] = typical(torch_flow.training_step(256), 30)
        result["wide_step_ms"] = typical(torch_flow.training_step(1024), 8)
        result["evaluation_ms"] = typical(torch_flow.evaluation(256, torch_flow.reference_rates), 20)
    print(json.dumps(result))


def typical(function, repetitions):
    timing.time_batch(function, repetitions // 4)
    return timing.quantile(timing.time_batch(function, repetitions), 0.25)


def choose_settings():
    """Tries the settings in processes of their own; returns the best environment and everything tried."""
    tried = []

    def measure(environment):
        try:
            run = subprocess.run([sys.executable, os.path.join(HERE, "compare.py"), "--probe"], env={**os.environ, **environment},
                                 capture_output=True, text=True, timeout=PROBE_LIMIT_SECONDS)
            times = json.loads(run.stdout) if run.returncode == 0 else {}
            message = run.stderr.strip().splitlines()[-1:]
        except subprocess.TimeoutExpired:
            times, message = {}, f"no answer in {PROBE_LIMIT_SECONDS} s"
        print(f"peers with {environment or 'their own choice'}: {times or message}", flush=True)
        tried.append({"environment": environment, **times})
        return times

    chosen = {}
    best = measure(chosen)
    for setting, decides in SETTINGS:
        times = measure({**chosen, **setting})
        if times.get(decides, float("inf")) < best.get(decides, float("inf")):
            chosen, best = {**chosen, **setting}, times
    return chosen, tried


def main():
    parser = argparse.ArgumentParser(description="Our speed against OpenBLAS and PyTorch, interleaved in one run.")
    parser.add_argument("--json", help="write the result to this file")
    parser.add_argument("--rows", nargs="+", default=[], metavar="PART", help="only rows whose names contain one of these parts")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of A B per row")
    parser.add_argument("--seconds", type=float, default=0.2, help="length of each side's turn")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--own-settings", action="store_true", help="leave the peers as they are installed")
    parser.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.probe:
        probe()
        return
    if CHOSEN not in os.environ and not options.own_settings:
        environment, tried = choose_settings()
        chosen = json.dumps({"chosen": environment, "tried": tried})
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **environment, CHOSEN: chosen})

    equality = None
    if torch is None:
        print("Without PyTorch: its rows are left out.", file=sys.stderr)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run_command("speed", "--export", folder, "--train-steps", "200", "--width", "256", "--points", "1000", quiet=True)
            equality = torch_flow.check_outputs(folder)
        print("PyTorch computes what we compute; largest relative differences: "
              + ", ".join(f"{name} {error:.0e}" for name, error in equality.items()))
    comparison = Comparison(options)
    wanted = [row for row in rows(options.threads) if not options.rows or any(part in row.name for part in options.rows)]
    report = {"experiment": "peers", "machine": comparison.server.machine(), "threads": options.threads,
              "openblas": comparison.blas and comparison.blas.describe(), "pytorch": torch and torch.__version__,
              "settings": json.loads(os.environ.get(CHOSEN, "null")), "largest_output_differences": equality, "rows": []}
    print(f"{'':72s} {'ours ms':>9s} {'peer ms':>9s} {'ratio':>6s} {'p10':>6s} {'p90':>6s} {'target':>6s}")
    for row in wanted:
        result = comparison.measure(row)
        if result is None:
            continue
        report["rows"].append(result)
        ours, theirs = result["milliseconds"]["ours"]["median"], result["milliseconds"][result["peer"]]["median"]
        target = "" if row.target is None else f"{row.target:6.2f} {'met' if result['ratio'] >= row.target else 'MISSED'}"
        dirty = "" if result["clean_rounds"] == result["rounds"] else f" ({result['clean_rounds']} of {result['rounds']} rounds undisturbed)"
        print(f"{row.name:72s} {ours:9.3f} {theirs:9.3f} {result['ratio']:6.2f} {result['ratio_p10']:6.2f} {result['ratio_p90']:6.2f} "
              f"{target}{dirty}", flush=True)
    comparison.server.close()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
