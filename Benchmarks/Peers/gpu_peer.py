# SPDX-License-Identifier: MIT
"""
What `gpu --speed` measures, in PyTorch on the same card and in the same shapes: products with bias and SELU, their gradients, training steps,
evaluations along S1 and whole solves along it with the engine's defaults (RK4, a Rademacher probe per stage), whose divergence is a vector-Jacobian
product, a forward-mode Jacobian-vector product, or tangents by hand. Eagerly in float32, eagerly in TF32, and as CUDA graphs in both;
with --compile evaluations and solves by torch.compile too. JSON of the same form.

    python3 Benchmarks/Peers/gpu_peer.py --json peer.json            (a card; --device cpu tries the script without one)
    python3 Benchmarks/Peers/compare_gpu.py ours.json peer.json
"""
import argparse
import json
import time

import torch
from torch import nn

import torch_flow
from timing import quantile

WARM_UP = 5


class Clock:
    """Milliseconds of a card's own events; of the processor's clock without one."""

    def __init__(self, device):
        self.cuda = device == "cuda"

    def time(self, function, runs):
        if not self.cuda:
            start = time.perf_counter()
            for _ in range(runs):
                function()
            return (time.perf_counter() - start) * 1e3 / runs
        first, last = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        torch.cuda.synchronize()
        first.record()
        for _ in range(runs):
            function()
        last.record()
        last.synchronize()
        return first.elapsed_time(last) / runs


def graphed(function):
    """A function as one CUDA graph, after runs on a side stream as the documentation asks."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP):
            function()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        function()
    return graph.replay


def rotating(functions):
    position = [0]

    def run():
        functions[position[0] % len(functions)]()
        position[0] += 1

    return run


def products(rows, width, megabytes):
    """The three products of a layer, each on so many sets of buffers that none is found in the cache."""
    count = int(min(16, max(2, (megabytes << 20) // (4 * (2 * rows * width + width * width)))))
    layer, to_input, to_weight = [], [], []
    for _ in range(count):
        x, w, b, dy = torch.randn(rows, width), torch.randn(width, width), torch.randn(width), torch.randn(rows, width)
        layer.append(lambda x=x, w=w, b=b: nn.functional.selu(nn.functional.linear(x, w, b)))
        to_input.append(lambda dy=dy, w=w: dy @ w)
        to_weight.append(lambda dy=dy, x=x: dy.t() @ x)
    flop = 2.0 * rows * width * width
    shape = f"{rows}x{width}x{width}"
    return [(f"layer {shape}", rotating(layer), flop), (f"input gradient {shape}", rotating(to_input), flop),
            (f"weight gradient {shape}", rotating(to_weight), flop)]


def training_step(width, batch, population=20_000):
    """As torch_flow's, with the weight average, and nothing that a graph could not hold."""
    network = torch_flow.Network(width)
    data = torch.randn(population, torch_flow.DIMENSION)
    labels = torch.eye(torch_flow.CATEGORIES)[torch.arange(population) % torch_flow.CATEGORIES]
    cuda = data.is_cuda
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, foreach=True, capturable=cuda)
    parameters = list(network.parameters())
    average = [p.detach().clone() for p in parameters]

    def run():
        rows = torch.randint(population, (batch,))
        x1, hot, t, noise = data[rows], labels[rows], torch.rand(batch, 1), torch.randn(batch, torch_flow.DIMENSION)
        velocity, score = network.both(t * x1 + (1 - t) * noise, t, hot)
        loss = nn.functional.mse_loss(velocity, x1 - noise) + nn.functional.mse_loss((1 - t) * score, -noise)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            torch._foreach_mul_(average, 0.999)
            torch._foreach_add_(average, parameters, alpha=1e-3)

    return run


def measure(clock, name, mode, function, flop, seconds, rows, warm_up=WARM_UP):
    for _ in range(warm_up):
        longest = clock.time(function, 1)
    runs = int(min(1000, max(1, 1 / max(longest, 1e-4))))
    repetitions = int(min(200, max(3, 1000 * seconds / max(longest * runs, 1e-3))))
    times = [clock.time(function, runs) for _ in range(repetitions)]
    median = quantile(times, 0.5)
    row = {"name": name, "precision": mode, "clock": "device" if clock.cuda else "wall", "repetitions": repetitions,
           "median_ms": median, "p10_ms": quantile(times, 0.1), "p90_ms": quantile(times, 0.9)}
    if flop:
        row["tflops"] = flop / median / 1e9
    rows.append(row)
    print(f"[{mode}] {name}: {median:.4g} ms", flush=True)


def measure_flow(clock, name, mode, create, arguments, rows, warm_up=WARM_UP):
    """Work that calls rates, for each way to have a divergence: eagerly, as one graph, compiled."""
    for way, rates in torch_flow.RATES.items():
        measure(clock, name, f"{mode} {way}", create(rates), None, arguments.seconds, rows, warm_up)
        if clock.cuda:
            measure(clock, name, f"{mode} {way} graph", graphed(create(rates)), None, arguments.seconds, rows, warm_up)
        if arguments.compile:
            try:
                compiled = create(torch.compile(rates))
                measure(clock, name, f"{mode} {way} compiled{' graph' if clock.cuda else ''}",
                        graphed(compiled) if clock.cuda else compiled, None, arguments.seconds, rows, warm_up)
            except Exception as error:  # what the compiler cannot do it says in many ways, and the rest is worth measuring
                print(f"[{mode} {way} compiled] {name}: {type(error).__name__}: {str(error).splitlines()[0]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--rows", default="512,2048,4096,8192")
    parser.add_argument("--widths", default="1024,256")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--evaluation-points", type=int, default=10_000)
    parser.add_argument("--solve-points", default="10000")
    parser.add_argument("--steps", type=int, default=10, help="RK4 steps of solves")
    parser.add_argument("--compile", action="store_true", help="evaluations and solves by torch.compile too (minutes)")
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    if arguments.device == "cuda":
        torch.set_default_device("cuda")  # PyTorch 2.0 or later
    clock, rows = Clock(arguments.device), []
    widths = [int(width) for width in arguments.widths.split(",")]
    for tf32 in (False, True) if clock.cuda else (False,):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        mode = "tf32" if tf32 else "fp32"
        for count in (int(part) for part in arguments.rows.split(",")):
            for name, function, flop in products(count, widths[0], arguments.megabytes):
                measure(clock, name, mode, function, flop, arguments.seconds, rows)
        for width in widths:
            name = f"training step, width {width}, batch {arguments.batch}"
            step = training_step(width, arguments.batch)
            measure(clock, name, mode, step, None, arguments.seconds, rows)
            if clock.cuda:
                measure(clock, name, mode + " graph", graphed(training_step(width, arguments.batch)), None, arguments.seconds, rows)
            points = arguments.evaluation_points
            measure_flow(clock, f"evaluation s1, width {width}, {points} points", mode,
                         lambda rates, width=width: torch_flow.evaluation(width, rates, points), arguments, rows)
        for count in (int(part) for part in arguments.solve_points.split(",") if part):
            measure_flow(clock, f"solve s1, width {widths[0]}, {count} points", mode,
                         lambda rates, count=count: torch_flow.whole_solve(widths[0], rates, count, arguments.steps),
                         arguments, rows, warm_up=1)
    if arguments.json:
        name = torch.cuda.get_device_name() if clock.cuda else "cpu"
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"experiment": "gpu-speed", "implementation": "pytorch", "device": arguments.device,
                       "description": f"{name}, PyTorch {torch.__version__}", "rows": rows}, file, indent=2)


if __name__ == "__main__":
    main()
