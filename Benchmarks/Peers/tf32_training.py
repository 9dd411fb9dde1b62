# SPDX-License-Identifier: MIT
"""
What rounding the factors of all products to TF32 does to a trained flow, on a machine without tensor cores: the same small Gaussian task is
trained and evaluated (S1, exact divergence) with float32 products, with factors rounded to TF32, and with three TF32 products, from the
same seeds. The effect of the precision is to be read against the spread between seeds.

    python3 Benchmarks/Peers/tf32_training.py [--steps 2000] [--seeds 3] [--json FILE]
"""
import argparse
import json
import math

import torch

SPLITTER = 8193.0  # 2^13 + 1 (Veltkamp), as in the kernels: 11 significant bits


def rounded(x):
    scaled = x * SPLITTER
    return scaled - (scaled - x)


def product(a, b, precision):
    if precision == "fp32":
        return a @ b
    high_a, high_b = rounded(a), rounded(b)
    if precision == "tf32":
        return high_a @ high_b
    low_a, low_b = rounded(a - high_a), rounded(b - high_b)
    return low_a @ high_b + high_a @ low_b + high_a @ high_b


class Product(torch.autograd.Function):
    """x W^T with every one of its three products in the precision; linear in both, so that derivatives of derivatives work too."""

    @staticmethod
    def forward(ctx, x, weight, precision):
        ctx.save_for_backward(x, weight)
        ctx.precision = precision
        return product(x, weight.t(), precision)

    @staticmethod
    def backward(ctx, gradient):
        x, weight = ctx.saved_tensors
        return product(gradient, weight, ctx.precision), product(gradient.t(), x, ctx.precision), None


class Layer(torch.nn.Linear):
    precision = "fp32"

    def forward(self, x):
        return Product.apply(x, self.weight, Layer.precision) + self.bias


def mlp(*widths):
    layers = [Layer(widths[0], widths[1])]
    for fan_in, fan_out in zip(widths[1:], widths[2:]):
        layers += [torch.nn.SELU(), Layer(fan_in, fan_out)]
    return torch.nn.Sequential(*layers)


class Network(torch.nn.Module):
    def __init__(self, dimension, width):
        super().__init__()
        self.encoder, self.condition = mlp(dimension, width, 32), mlp(2, width, 16)
        self.velocity, self.score = mlp(64, width, width, width, dimension), mlp(64, width, width, width, dimension)
        self.register_buffer("frequencies", 10000.0 ** (-torch.arange(8) / 8))

    def forward(self, x, t, hot):
        angle = t * self.frequencies
        joined = torch.cat([self.encoder(x), self.condition(hot), torch.cos(angle), torch.sin(angle)], 1)
        return self.velocity(joined), self.score(joined)


def train(dimension, width, steps, seed):
    torch.manual_seed(seed)
    network = Network(dimension, width)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    average = [p.detach().clone() for p in network.parameters()]
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / steps))
        label = torch.randint(2, (256,))
        hot, t, noise = torch.eye(2)[label], torch.rand(256, 1), torch.randn(256, dimension)
        x1 = torch.randn(256, dimension) + label[:, None]
        velocity, score = network(t * x1 + (1 - t) * noise, t, hot)
        loss = ((velocity - x1 + noise) ** 2).mean() + (((1 - t) * score + noise) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay = min(0.99, (1 + step) / (10 + step))
        for kept, p in zip(average, network.parameters()):
            kept.lerp_(p.detach(), 1 - decay)
    for kept, p in zip(average, network.parameters()):
        p.data.copy_(kept)
    return network.requires_grad_(False), loss.item()


def rates(network, x, t):
    """The field of S1 and the log-ratio's rate, with exact divergences."""
    rows, dimension = x.shape
    times = torch.full((rows, 1), t)
    above, below = torch.tensor([[0.0, 1.0]]).expand(rows, 2), torch.tensor([[1.0, 0.0]]).expand(rows, 2)
    x = x.detach().requires_grad_(True)
    (u_above, _), (u_below, s_below) = network(x, times, above), network(x, times, below)
    divergence = torch.zeros(rows)
    for i in range(dimension):
        slope, = torch.autograd.grad((u_above - u_below)[:, i].sum(), x, retain_graph=True)
        divergence += slope[:, i]
    field = u_above.detach()
    return field, (-divergence - ((field - u_below) * s_below).sum(1)).detach()


def log_ratio(network, x, steps=10):
    """RK4 from the data at t = 1 to the noise at t = 0; the integral runs the other way."""
    h, total = -1.0 / steps, torch.zeros(x.shape[0])
    for step in range(steps):
        t = min(1 - step / steps, 1 - 1e-5)
        k1, r1 = rates(network, x, t)
        k2, r2 = rates(network, x + 0.5 * h * k1, t + 0.5 * h)
        k3, r3 = rates(network, x + 0.5 * h * k2, t + 0.5 * h)
        k4, r4 = rates(network, x + h * k3, max(t + h, 0.0))
        x, total = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), total - h / 6 * (r1 + 2 * r2 + 2 * r3 + r4)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dim", type=int, default=5)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    label = torch.arange(arguments.points) % 2
    points = torch.randn(arguments.points, arguments.dim, generator=torch.Generator().manual_seed(99)) + label[:, None]
    truth = points.sum(1) - 0.5 * arguments.dim
    rows = []
    for seed in range(1, arguments.seeds + 1):
        exact = None
        for precision in ("fp32", "tf32", "3xtf32"):
            Layer.precision = precision
            network, loss = train(arguments.dim, arguments.width, arguments.steps, seed)
            estimate = log_ratio(network, points)
            # The same weights with exact products: what evaluation alone loses.
            Layer.precision = "fp32"
            difference = (estimate - log_ratio(network, points)).pow(2).mean().sqrt().item()
            mse = (estimate - truth).pow(2).mean().item()
            exact = mse if precision == "fp32" else exact
            rows.append({"seed": seed, "precision": precision, "mse": mse, "final_loss": loss, "evaluation_rms": difference})
            print(f"seed {seed} {precision:7} mse {mse:.5f} ({mse / exact:.3f} of fp32), evaluation rms {difference:.1e}", flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"experiment": "tf32-training", "options": vars(arguments), "rows": rows}, file, indent=2)


if __name__ == "__main__":
    main()
