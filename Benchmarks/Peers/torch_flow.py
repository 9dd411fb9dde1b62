# SPDX-License-Identifier: MIT
"""The same network, training step and log-ratio evaluations in PyTorch (float32, CPU), written as one would write them there."""
import os

import numpy as np
import torch
from torch import nn
from torch.autograd import forward_ad

import safetensors_file

DIMENSION, CATEGORIES = 20, 2
NUMERATOR, DENOMINATOR = 1, 0


def mlp(*widths):
    layers = [nn.Linear(widths[0], widths[1])]
    for fan_in, fan_out in zip(widths[1:], widths[2:]):
        layers += [nn.SELU(), nn.Linear(fan_in, fan_out)]
    return nn.Sequential(*layers)


class Network(nn.Module):
    """Names as in our export, so that its tensors load as a state dict."""

    def __init__(self, width, dimension=DIMENSION, categories=CATEGORIES, code=64, condition=32, time=32):
        super().__init__()
        self.categories = categories
        self.data_encoder = mlp(dimension, 256, code)
        self.condition_encoders = nn.ModuleList([mlp(categories, 256, condition)])
        head = [code + condition + time] + [width] * 3 + [dimension]
        self.velocity_head, self.score_head = mlp(*head), mlp(*head)
        half = time // 2
        self.register_buffer("frequencies", 10000.0 ** (-torch.arange(half) / half), persistent=False)

    def one_hot(self, category, rows):
        """The condition as the network takes it, one row per point."""
        hot = torch.zeros(rows, self.categories)
        hot[:, category] = 1
        return hot

    def features(self, x, t, hot):
        angle = t * self.frequencies
        return torch.cat([self.data_encoder(x), self.condition_encoders[0](hot), torch.cos(angle), torch.sin(angle)], 1)

    def both(self, x, t, hot):
        """Velocity and score: what the published model's forward computes, whichever of them is used."""
        joined = self.features(x, t, hot)
        return self.velocity_head(joined), self.score_head(joined)

    def velocity(self, x, t, hot):
        return self.velocity_head(self.features(x, t, hot))

    def score(self, x, t, hot):
        return self.score_head(self.features(x, t, hot))


def training_step(width, batch=512, population=20_000, foreach=False):
    """One step as ours: choose rows, sample the straight path, both losses, backward, Adam."""
    network = Network(width)
    data, labels = torch.randn(population, DIMENSION), torch.eye(CATEGORIES)[torch.arange(population) % CATEGORIES]
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, foreach=foreach)

    def run():
        rows = torch.randint(population, (batch,))
        x1, hot, t, noise = data[rows], labels[rows], torch.rand(batch, 1), torch.randn(batch, DIMENSION)
        rest = 1 - t
        velocity, score = network.both(t * x1 + rest * noise, t, hot)

        # Deterministic path: u* = x1 - eps, c_t = 1 - t, target of c_t s is -eps.
        loss = nn.functional.mse_loss(velocity, x1 - noise) + nn.functional.mse_loss(rest * score, -noise)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return run


def reference_rates(network, x, t, probe):
    """
    One evaluation along S1 in the reference's way (12 head passes): a vector-Jacobian product through both conditional networks,
    then three more full forwards, each computing both heads. Returns the field and the log-ratio's rate.
    """
    rows = x.shape[0]
    times = torch.full((rows, 1), float(t))
    above, below = network.one_hot(NUMERATOR, rows), network.one_hot(DENOMINATOR, rows)
    tracked = x.detach().requires_grad_(True)
    difference = network.both(tracked, times, above)[0] - network.both(tracked, times, below)[0]
    product, = torch.autograd.grad(difference, tracked, probe)
    divergence = (product * probe).sum(1)
    with torch.no_grad():
        u_above, s_above = network.both(x, times, above)
        u_below, s_below = network.both(x, times, below)
        field, _ = network.both(x, times, above)
        return field, -divergence + ((field - u_above) * s_above).sum(1) - ((field - u_below) * s_below).sum(1)


def pruned_rates(network, x, t, probe):
    """
    The same value with the least work that plain PyTorch needs (5 head passes): one forward through both conditions, whose velocities
    serve the field, the divergence and the correction; one vector-Jacobian product; the denominator's score alone.
    """
    tracked = x.detach().requires_grad_(True)
    joined = joined_conditions(network, network.data_encoder(tracked), t)
    both = network.velocity_head(joined)
    product, = torch.autograd.grad(both, tracked, torch.cat([probe, -probe]))
    with torch.no_grad():
        return field_and_rate(network, joined.detach(), both.detach(), (product * probe).sum(1))


def dual_rates(network, x, t, probe):
    """The same value with a Jacobian-vector product by PyTorch's forward mode (what torch.func.jvp does) in place of the other one."""
    with forward_ad.dual_level():
        joined = joined_conditions(network, network.data_encoder(forward_ad.make_dual(x, probe)), t)
        both, tangents = forward_ad.unpack_dual(network.velocity_head(joined))
        above, below = (tangents * probe.repeat(2, 1)).sum(1).chunk(2)
        return field_and_rate(network, forward_ad.unpack_dual(joined).primal, both, above - below)


def tangent_rates(network, x, t, probe):
    """The same value with the tangents by hand, as the engine has them: rows beneath the primal ones, multiplied by the slopes of those."""
    code, tangent = stacked(network.data_encoder, torch.cat([x, probe])).chunk(2)
    joined = joined_conditions(network, code, t)
    tangent = nn.functional.pad(tangent, (0, joined.shape[1] - code.shape[1]))
    both, moved = stacked(network.velocity_head, torch.cat([joined, tangent, tangent])).chunk(2)
    above, below = (moved * probe.repeat(2, 1)).sum(1).chunk(2)
    return field_and_rate(network, joined, both, above - below)


def joined_conditions(network, code, t):
    """The head's input for both conditions, one beneath the other."""
    rows = code.shape[0]
    angle = (t * network.frequencies).reshape(1, -1)
    clock = torch.cat([torch.cos(angle), torch.sin(angle)], 1).expand(rows, -1)
    return torch.cat([
        torch.cat([code, network.condition_encoders[0](network.one_hot(category, 1)).expand(rows, -1), clock], 1)
        for category in (NUMERATOR, DENOMINATOR)])


def field_and_rate(network, joined, both, divergence):
    """S1's field and the log-ratio's rate from the velocities of both conditions and the divergence of their difference."""
    u_above, u_below = both.chunk(2)
    s_below = network.score_head(joined[u_above.shape[0]:])
    return u_above, -divergence - ((u_above - u_below) * s_below).sum(1)


def stacked(layers, rows):
    """A network at the upper half of the rows, and beneath them their tangents: SELU's slope is its scale, or the output and scale x alpha."""
    scale, scale_alpha = 1.0507009873554805, 1.7580993408473766
    for layer in layers:
        if isinstance(layer, nn.SELU):
            primal, tangents = rows.chunk(2)
            primal = nn.functional.selu(primal)
            rows = torch.cat([primal, tangents * torch.where(primal > 0, torch.full_like(primal, scale), primal + scale_alpha)])
        else:
            primal, tangents = (rows @ layer.weight.t()).chunk(2)
            rows = torch.cat([primal + layer.bias, tangents])
    return rows


RATES = {"vjp": pruned_rates, "jvp": dual_rates, "tangents": tangent_rates}


def rademacher(x):
    return torch.randint(0, 2, x.shape).float() * 2 - 1


def solve(network, rates, points, steps):
    """Log-ratios along S1 by equal RK4 steps from 1 to 0, with a Rademacher probe per stage: the engine's default."""
    x, log_ratio, h = points, torch.zeros(points.shape[0]), -1 / steps
    for step in range(steps):
        t = 1 + step * h
        fields, slopes = [], []
        for offset in (0, h / 2, h / 2, h):
            # A tensor that the device fills: a number would be a constant of what is compiled.
            time = torch.full((1, 1), t + offset)
            field, slope = rates(network, x + offset * fields[-1] if fields else x, time, rademacher(x))
            fields.append(field)
            slopes.append(slope)
        x = x + h / 6 * (fields[0] + 2 * fields[1] + 2 * fields[2] + fields[3])
        log_ratio = log_ratio + h / 6 * (slopes[0] + 2 * slopes[1] + 2 * slopes[2] + slopes[3])
    return -log_ratio


def evaluation(width, rates, points=1000):
    """One evaluation at random points with a probe that is drawn anew each time."""
    network = Network(width).requires_grad_(False)
    x = torch.randn(points, DIMENSION)
    return lambda: rates(network, x, 0.4, rademacher(x))


def whole_solve(width, rates, points, steps):
    """Log-ratios of so many random points at once."""
    network = Network(width).requires_grad_(False)
    x = torch.randn(points, DIMENSION)
    return lambda: solve(network, rates, x, steps)


def head_forward(width, points=1000):
    network = Network(width).requires_grad_(False)
    joined = torch.randn(points, 128)
    return lambda: network.velocity_head(joined)


def load(folder):
    """The network of an exported folder (`speed --export`), and the map from data to its coordinates."""
    tensors, metadata = safetensors_file.read(os.path.join(folder, "model.safetensors"))
    sizes = {name: int(value) for name, value in metadata.items()}
    mean = torch.from_numpy(tensors.pop("standardization.mean", np.zeros(sizes["dimension"], np.float32)))
    scale = torch.from_numpy(tensors.pop("standardization.scale", np.ones(sizes["dimension"], np.float32)))
    network = Network(sizes["head_hidden"], sizes["dimension"], sizes["categories"], sizes["data_code"], sizes["condition_code"],
                      sizes["time_features"])
    network.load_state_dict({name: torch.from_numpy(value) for name, value in tensors.items()})
    return network.requires_grad_(False), lambda points: (points - mean) / scale


def check_outputs(folder):
    """
    Largest differences between this network's outputs and ours, relative to the largest value; fails when float32 cannot explain them.
    So both sides of a comparison do the same work.
    """
    network, _ = load(folder)
    check, _ = safetensors_file.read(os.path.join(folder, "check.safetensors"))
    x, probes = torch.from_numpy(check["points"]), torch.from_numpy(check["probes"])
    differences = {"velocity": 0.0, "score": 0.0, "reference rate": 0.0, **{f"rate by {name}": 0.0 for name in RATES}}

    def compare(name, value, expected):
        expected = torch.from_numpy(expected).to(value.dtype)
        error = ((value - expected).abs().max() / expected.abs().max()).item()
        differences[name] = max(differences[name], error)

    for i, t in enumerate(check["times"]):
        times = torch.full((x.shape[0], 1), float(t))
        for row, category in enumerate((NUMERATOR, DENOMINATOR)):
            hot = network.one_hot(category, x.shape[0])
            compare("velocity", network.velocity(x, times, hot), check["velocity"][i, row])
            compare("score", network.score(x, times, hot), check["score"][i, row])
        compare("reference rate", reference_rates(network, x, t, probes)[1], check["log_ratio_rate"][i])
        for name, rates in RATES.items():
            compare(f"rate by {name}", rates(network, x, t, probes)[1], check["log_ratio_rate"][i])
    for name, error in differences.items():
        # Sums of up to 1024 products in another order, four layers deep: rounding errors of some 1e-6 of the largest term.
        if not error < 3e-5:
            raise SystemExit(f"PyTorch's {name} differs from ours by {error:.1e} of its largest value: not the same work.")
    return differences
