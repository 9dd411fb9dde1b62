# SPDX-License-Identifier: MIT
"""Makes golden_network.json: reference numbers for the tests of the C# velocity-score network.

A small network with two heads (velocity and score; dimension 3, two covariates that may be dropped) is
built from PyTorch modules in float64 with a fixed seed. Written out with it are both heads at seven rows,
the velocity's Jacobian times a probe, its exact divergence, the two training losses with the gradient in
every parameter under three schedules, and three Adam steps. The formulas are those of the project's
method notes (paths and schedules, divergence, network). Nothing here calls the C# code.

Run with no arguments (PyTorch 1.13 or later, CPU); the JSON is written beside this file.
"""
import json
import math
import os

import torch
import torch.autograd.forward_ad as forward_ad
from torch import nn

SEED = 20260224
SHAPE = {"dimension": 3, "covariates": [2, 3], "data_hidden": 8, "data_code": 4, "condition_hidden": 6,
         "condition_code": 2, "time_features": 6, "head_hidden": 10, "head_layers": 3}
TIMES = [0.02, 0.17, 0.34, 0.5, 0.66, 0.81, 0.95]
CATEGORIES = [[0, 1, -1, 0, -1, 1, -1],  # one list per covariate, one entry per row; -1 = dropped
              [0, 2, 1, -1, -1, 1, 2]]
SCHEDULES = [(0.0, 0.0), (0.05, 0.0), (0.0, 0.3)]  # (sigma_min, kappa)
ADAM = {"learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
ABOUT = (
    "Golden numbers for the velocity-score network, made by make_golden_network.py with PyTorch in float64. "
    "Every matrix is flat and row-major: weights are [outputs, inputs], row data are [rows, dimension]. "
    "Category -1 = covariate dropped (zero code). velocity_tangent = J(x) probe and divergence = trace J, where "
    "J = d velocity / d x, row by row. Schedules: points = x_t, velocity_target = u*, score_target = t u* - x_t, "
    "score_weight = c_t; both losses are means over rows and coordinates; gradients are those of velocity_loss + "
    "score_loss. adam.losses are taken before each step, on the first schedule; adam.parameters after the last.")


def mlp(*widths):
    """Linear layers of the given widths with SELU between them (none after the last)."""
    layers = [nn.Linear(widths[0], widths[1])]
    for fan_in, fan_out in zip(widths[1:], widths[2:]):
        layers += [nn.SELU(), nn.Linear(fan_in, fan_out)]
    return nn.Sequential(*layers)


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        d, code, self.time_size = shape["dimension"], shape["condition_code"], shape["time_features"]
        self.sizes = shape["covariates"]
        joined = shape["data_code"] + code * len(self.sizes) + self.time_size
        head = [joined] + [shape["head_hidden"]] * shape["head_layers"] + [d]
        self.data_encoder = mlp(d, shape["data_hidden"], shape["data_code"])
        self.condition_encoders = nn.ModuleList(mlp(k, shape["condition_hidden"], code) for k in self.sizes)
        self.velocity_head = mlp(*head)
        self.score_head = mlp(*head)

    def forward(self, x, t, categories):
        parts = [self.data_encoder(x)]
        for encoder, size, category in zip(self.condition_encoders, self.sizes, categories):
            code = encoder(nn.functional.one_hot(category.clamp(min=0), size).to(x.dtype))
            parts.append(torch.where((category >= 0).unsqueeze(1), code, torch.zeros_like(code)))
        half = self.time_size // 2
        angle = t.unsqueeze(1) * torch.tensor([10000.0 ** (-i / half) for i in range(half)])
        joined = torch.cat(parts + [torch.cos(angle), torch.sin(angle)], dim=1)
        return self.velocity_head(joined), self.score_head(joined)


def sigma_and_slope(t, sigma_min, kappa):
    """sigma_t and its derivative in t."""
    shrink = 1 - sigma_min
    sigma = torch.sqrt((1 - shrink * t) ** 2 + kappa * t * (1 - t))
    return sigma, (-shrink * (1 - shrink * t) + kappa * (1 - 2 * t) / 2) / sigma


def targets(data, noise, t, sigma_min, kappa):
    """x_t, u*, t u* - x_t and c_t for pairs of data and noise."""
    sigma, slope = sigma_and_slope(t, sigma_min, kappa)
    column = t.unsqueeze(1)
    points = column * data + sigma.unsqueeze(1) * noise
    velocity = data + slope.unsqueeze(1) * noise
    return points, velocity, column * velocity - points, sigma * (sigma - t * slope)


def losses(network, t, categories, points, velocity_target, score_target, weight):
    velocity, score = network(points, t, categories)
    return (torch.mean((velocity - velocity_target) ** 2),
            torch.mean((weight.unsqueeze(1) * score - score_target) ** 2))


def jvp(function, x, v):
    """Forward mode: the derivative of function at x in the direction v."""
    with torch.no_grad(), forward_ad.dual_level():
        return forward_ad.unpack_dual(function(forward_ad.make_dual(x, v))).tangent.clone()


def named(network):
    return {name: {"shape": list(p.shape), "values": flat(p)} for name, p in network.named_parameters()}


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def to_json(value, indent=""):
    """JSON with 17 significant digits per real number and one line per list of numbers."""
    if isinstance(value, dict):
        inner = indent + " "
        body = ",\n".join(f"{inner}{json.dumps(k)}: {to_json(v, inner)}" for k, v in value.items())
        return "{\n" + body + "\n" + indent + "}"
    if isinstance(value, list):
        return "[" + ", ".join(to_json(v, indent + " ") for v in value) + "]"
    if isinstance(value, float):
        assert math.isfinite(value)
        return format(value, ".17g")
    return json.dumps(value)


def check(label, difference, bound):
    print(f"{label}: {float(difference):.2e} (bound {bound:.0e})")
    assert difference < bound, label


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    network = Network(SHAPE)
    nearest_kink = [math.inf]  # SELU's slope jumps at 0: no golden number may hang on the sign of a rounding error

    def watch(module, inputs, output):
        nearest_kink[0] = min(nearest_kink[0], inputs[0].detach().abs().min().item())

    for module in network.modules():
        if isinstance(module, nn.SELU):
            module.register_forward_hook(watch)

    rows, d = len(TIMES), SHAPE["dimension"]
    t, categories = torch.tensor(TIMES), torch.tensor(CATEGORIES)
    x = torch.randn(rows, d)
    probe = torch.randint(0, 2, (rows, d)).to(x.dtype) * 2 - 1
    velocity, score = network(x, t, categories)

    def field(y):
        return network(y, t, categories)[0]

    tangent = jvp(field, x, probe)
    basis = torch.eye(d)
    divergence = sum(jvp(field, x, basis[i].repeat(rows, 1))[:, i] for i in range(d))
    with torch.no_grad():
        h = 1e-6
        numeric = (field(x + h * probe) - field(x - h * probe)) / (2 * h)
    jacobian = torch.autograd.functional.jacobian(field, x)  # reverse mode: [row, i, row, j]
    blocks = torch.stack([jacobian[r, :, r, :] for r in range(rows)])
    product, trace = (blocks @ probe.unsqueeze(2)).squeeze(2), blocks.diagonal(dim1=1, dim2=2).sum(1)
    check("J v, forward mode against central differences", (tangent - numeric).abs().max(), 1e-8)
    check("J v, forward mode against reverse mode", (tangent - product).abs().max(), 1e-13)
    check("divergence, forward mode against reverse mode", (divergence - trace).abs().max(), 1e-13)

    golden = {
        "about": ABOUT, "shape": SHAPE, "parameters": named(network), "rows": rows, "points": flat(x),
        "times": TIMES, "categories": CATEGORIES, "probe": [int(v) for v in flat(probe)],
        "velocity": flat(velocity), "score": flat(score), "velocity_tangent": flat(tangent),
        "divergence": flat(divergence), "loss": {"schedules": []}}

    batches = []
    for sigma_min, kappa in SCHEDULES:
        data, noise = torch.randn(rows, d), torch.randn(rows, d)
        batch = targets(data, noise, t, sigma_min, kappa)
        batches.append(batch)
        network.zero_grad()
        velocity_loss, score_loss = losses(network, t, categories, *batch)
        (velocity_loss + score_loss).backward()
        label = f"schedule ({sigma_min:g}, {kappa:g}): "
        sigma, _ = sigma_and_slope(t, sigma_min, kappa)
        identity = -noise * (batch[3] / sigma).unsqueeze(1) - batch[2]
        check(label + "c_t s* against t u* - x_t", identity.abs().max(), 1e-14)
        with torch.no_grad():  # slope of the loss along its own gradient = squared length of the gradient
            ends, pairs = [], [(p, p.clone(), p.grad) for p in network.parameters()]
            for step in (h, -h, 0.0):
                for p, start, gradient in pairs:
                    p.copy_(start + step * gradient)
                ends.append(sum(losses(network, t, categories, *batch)))
            numeric = (ends[0] - ends[1]) / (2 * h)
            squared = sum((gradient * gradient).sum() for _, _, gradient in pairs)
            check(label + "gradient against central differences", abs(numeric - squared), 1e-7)
        golden["loss"]["schedules"].append({
            "sigma_min": sigma_min, "kappa": kappa, "data": flat(data), "noise": flat(noise),
            "points": flat(batch[0]), "velocity_target": flat(batch[1]), "score_target": flat(batch[2]),
            "score_weight": flat(batch[3]), "velocity_loss": velocity_loss.item(), "score_loss": score_loss.item(),
            "gradients": {name: flat(p.grad) for name, p in network.named_parameters()}})

    optimizer = torch.optim.Adam(network.parameters(), lr=ADAM["learning_rate"],
                                 betas=(ADAM["beta1"], ADAM["beta2"]), eps=ADAM["epsilon"])
    before, smallest = [], math.inf
    for _ in range(3):
        optimizer.zero_grad()
        loss = sum(losses(network, t, categories, *batches[0]))
        loss.backward()
        before.append(loss.item())
        smallest = min(smallest, min(p.grad.abs().min().item() for p in network.parameters()))
        optimizer.step()
    golden["adam"] = {**ADAM, "steps": 3, "schedule": 0, "losses": before, "parameters": named(network)}
    print("Adam losses before each step:", before)
    print(f"smallest |gradient entry| met by Adam: {smallest:.2e}")
    print(f"smallest |SELU input| anywhere: {nearest_kink[0]:.2e}")
    assert smallest > 1e-7 and nearest_kink[0] > 1e-5

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden_network.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(to_json(golden) + "\n")
    print(f"wrote {path}, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
