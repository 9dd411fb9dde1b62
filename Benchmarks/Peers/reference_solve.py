#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The published implementation's whole solve, measured in PyTorch, against ours of the same points with the same weights.

    dotnet run -c Release --project Benchmarks -- speed --export FOLDER [--width 256] [--train-steps 3000] [--points 10000]
    python3 Benchmarks/Peers/reference_solve.py FOLDER [--chunks 1] [--json FILE]

The procedure: Dopri5 with one step size for 1,000 points, chosen by the root mean square of the error over all points and coordinates, the
log-ratio among them; 100 output times, steps cut to land on them; Gaussian probes redrawn at every evaluation; rtol = atol = 1e-4; each
evaluation 12 head passes (torch_flow.reference_rates). It takes minutes per 1,000 points, so --chunks says how many of them are measured;
the ratio is (its seconds per 1,000 points x number of chunks) / our seconds for all points.
"""
import argparse
import json
import os
import sys
import tempfile
import time

import numpy as np
import torch

import safetensors_file
import timing
import torch_flow
from compare import CHOSEN, choose_settings
from flowratio_server import run_command

CHUNK, OUTPUT_TIMES, TOLERANCE = 1000, 100, 1e-4
C = (0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1)
A = ((), (1 / 5,), (3 / 40, 9 / 40), (44 / 45, -56 / 15, 32 / 9), (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
     (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656), (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84))
ERROR = (71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def combine(weights, stages):
    return sum(weight * stage for weight, stage in zip(weights, stages) if weight)


def solve(network, points):
    """Log-ratios of points in the network's coordinates, and the numbers of evaluations and of rejected steps."""
    counts = {"evaluations": 0, "rejected": 0}

    def rates(t, state):
        counts["evaluations"] += 1
        field, rate = torch_flow.reference_rates(network, state[:, :-1], t, torch.randn_like(points))
        return torch.cat([field, rate.unsqueeze(1)], 1)

    state = torch.cat([points, torch.zeros(points.shape[0], 1)], 1)
    t, step = 1.0, 1 / (OUTPUT_TIMES - 1)
    stages = [rates(t, state)] + [None] * 6
    for target in np.linspace(1, 0, OUTPUT_TIMES)[1:]:
        while t > target:
            cut = t - step <= target + 1e-12
            h = target - t if cut else -step
            for i in range(1, 7):
                following = state + h * combine(A[i], stages)
                stages[i] = rates(t + C[i] * h, following)
            scale = TOLERANCE + TOLERANCE * torch.maximum(state.abs(), following.abs())
            norm = ((h * combine(ERROR, stages) / scale).double() ** 2).mean().sqrt().item()
            if not np.isfinite(norm):
                raise SystemExit(f"A value is not finite at time {t}.")
            factor = min(max(0.9 * max(norm, 1e-10) ** -0.2, 0.2), 10)
            if norm <= 1:
                t, state, stages[0] = (target if cut else t + h), following, stages[6]
                step = max(step, abs(h) * factor) if cut else abs(h) * factor
            else:
                counts["rejected"] += 1
                step = abs(h) * min(factor, 1)
    return -state[:, -1], counts


def main():
    parser = argparse.ArgumentParser(description="The published whole solve in PyTorch against ours.")
    parser.add_argument("folder", help="written by speed --export")
    parser.add_argument("--chunks", type=int, default=1, help="chunks of 1,000 points to measure")
    parser.add_argument("--reference-chunks", type=int, default=0, help="chunks for our C# version of the procedure, to compare counts and errors")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--own-settings", action="store_true", help="leave PyTorch and OpenBLAS as they are installed")
    parser.add_argument("--json", help="write the result to this file")
    options = parser.parse_args()
    if CHOSEN not in os.environ and not options.own_settings:
        environment, tried = choose_settings()
        chosen = json.dumps({"chosen": environment, "tried": tried})
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **environment, CHOSEN: chosen})

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    differences = torch_flow.check_outputs(options.folder)
    network, standardize = torch_flow.load(options.folder)
    data, _ = safetensors_file.read(os.path.join(options.folder, "points.safetensors"))
    points, truth = torch.from_numpy(data["points"]), data["log_ratio"]
    total = -(-len(truth) // CHUNK)
    if not 1 <= options.chunks <= total:
        raise SystemExit(f"--chunks is {options.chunks}; there are {total}.")

    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "solve.json")
        run_command("speed", "--solve", options.folder, "--threads", str(options.threads), "--reference-chunks",
                    str(options.reference_chunks), "--json", file)
        with open(file, encoding="utf-8") as text:
            ours = json.load(text)

    load, chunks, estimates = timing.ForeignLoad(), [], []
    for chunk in range(options.chunks):
        rows = slice(chunk * CHUNK, min((chunk + 1) * CHUNK, len(truth)))
        load.start()
        start = time.perf_counter()
        values, counts = solve(network, standardize(points[rows]))
        seconds = time.perf_counter() - start
        errors = (values.double().numpy() - truth[rows]) ** 2
        estimates.append(errors)
        chunks.append({"seconds": seconds, **counts, "mse": errors.mean(), "foreign_share": load.share()})
        print(f"reference, chunk {chunk + 1} of {total}: {seconds:.1f} s, {counts['evaluations']} evaluations "
              f"({counts['rejected']} steps rejected), MSE {errors.mean():.4f}", flush=True)

    errors = np.concatenate(estimates)
    per_chunk = float(np.median([chunk["seconds"] for chunk in chunks]))
    default = ours["methods"][0]
    reference = {"chunks_measured": options.chunks, "chunks_in_all": total, "chunks": chunks, "seconds_per_chunk": per_chunk,
                 "mse": float(errors.mean()), "std_error": float(errors.std(ddof=1) / len(errors) ** 0.5)}
    ratio = per_chunk * len(truth) / CHUNK / default["seconds"]
    print(f"The reference would take {per_chunk * len(truth) / CHUNK:.0f} s for {len(truth)} points (measured: {options.chunks} of {total} chunks), "
          f"MSE {reference['mse']:.4f} ± {reference['std_error']:.4f}; we take {default['seconds']:.2f} s ({default['name']}), "
          f"MSE {default['mse']:.4f} ± {default['std_error']:.4f}: {ratio:.0f} times faster.")
    cheapest = min((method for method in ours["methods"] if method["mse"] <= reference["mse"] and method["points"] == len(truth)),
                   key=lambda method: method["seconds"], default=None)
    if cheapest:
        print(f"Our fastest with an error no larger: {cheapest['name']}, {cheapest['seconds']:.2f} s, MSE {cheapest['mse']:.4f}: "
              f"{per_chunk * len(truth) / CHUNK / cheapest['seconds']:.0f} times faster.")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"experiment": "reference-solve", "pytorch": torch.__version__, "threads": options.threads,
                       "settings": json.loads(os.environ.get(CHOSEN, "null")), "largest_output_differences": differences, "reference": reference,
                       "ours": ours, "ratio": ratio,
                       "ratio_at_no_larger_error": cheapest and per_chunk * len(truth) / CHUNK / cheapest["seconds"]}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
