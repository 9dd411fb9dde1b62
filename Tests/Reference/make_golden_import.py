# SPDX-License-Identifier: MIT
"""Makes golden_import.safetensors and golden_import.json: a checkpoint as the PyTorch implementation writes it, and its outputs.

The module below has the parameter names and the structure of theislab/scRatio's ConditionalFlowMatchingWithScore (Encoder and
FlowMatchingMLP are Sequentials of Linear, SELU, Dropout, ..., Linear). Its state dict goes to a safetensors file; velocity and
score at some points, and log-ratios along the midpoint field with the exact divergence (Runge-Kutta 4, float64), to the JSON.
Nothing here calls the C# code.

Run with no arguments (PyTorch 1.13 or later, CPU); both files are written beside this one.
"""
import json
import math
import os
import struct

import torch
from torch import nn

SEED = 20261121
DIMENSION, COVARIATES = 3, [2, 3]
ENCODER_HIDDEN, DATA_CODE, CONDITION_CODE, TIME_FEATURES, HEAD = 8, 5, 4, 6, [12, 12]
STEPS = 20


def mlp(inputs, hidden, outputs):
    """Linear, SELU, Dropout per hidden layer, then a Linear layer."""
    layers = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), nn.SELU(), nn.Dropout(0.1)]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


class Part(nn.Module):
    """Gives a Sequential the name it has in the reference."""

    def __init__(self, name, layers):
        super().__init__()
        self.add_module(name, layers)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.data_encoder = Part("encoder", mlp(DIMENSION, [ENCODER_HIDDEN], DATA_CODE))
        self.cond_encoders = nn.ModuleList(Part("encoder", mlp(k, [ENCODER_HIDDEN], CONDITION_CODE)) for k in COVARIATES)
        joined = DATA_CODE + CONDITION_CODE * len(COVARIATES) + TIME_FEATURES
        self.vf_mlp = Part("mlp", mlp(joined, HEAD, DIMENSION))
        self.score_mlp = Part("mlp", mlp(joined, HEAD, DIMENSION))

    def forward(self, x, t, categories):
        """x [n, d], t a number, one category per covariate (-1 = dropped)."""
        parts = [self.data_encoder.encoder(x)]
        for encoder, size, category in zip(self.cond_encoders, COVARIATES, categories):
            one_hot = torch.zeros(1, size, dtype=x.dtype)
            if category >= 0:
                one_hot[0, category] = 1
            code = encoder.encoder(one_hot) if category >= 0 else torch.zeros(1, CONDITION_CODE, dtype=x.dtype)
            parts.append(code.expand(len(x), -1))
        half = TIME_FEATURES // 2
        angle = t * torch.exp(-math.log(10000) * torch.arange(half, dtype=x.dtype) / half)
        parts.append(torch.cat([torch.cos(angle), torch.sin(angle)]).expand(len(x), -1))
        joined = torch.cat(parts, dim=1)
        return self.vf_mlp.mlp(joined), self.score_mlp.mlp(joined)


def divergence(model, x, t, categories):
    """Exact, by one backward pass per coordinate."""
    x = x.detach().requires_grad_(True)
    velocity, _ = model(x, t, categories)
    total = torch.zeros(len(x), dtype=x.dtype)
    for i in range(DIMENSION):
        total += torch.autograd.grad(velocity[:, i].sum(), x, retain_graph=True)[0][:, i]
    return total


def rates(model, x, t, numerator, denominator):
    """dx/dt along the midpoint field, and d/dt of the log-ratio along it."""
    (un, sn), (ud, sd) = model(x, t, numerator), model(x, t, denominator)
    field = (un + ud) / 2
    above = -divergence(model, x, t, numerator) + ((field - un) * sn).sum(1)
    below = -divergence(model, x, t, denominator) + ((field - ud) * sd).sum(1)
    return field.detach(), (above - below).detach()


def log_ratio(model, x, numerator, denominator):
    """Both densities are N(0, I) at t = 0, so the log-ratio at t = 1 is the integral of its rate."""
    total, h = torch.zeros(len(x), dtype=x.dtype), -1.0 / STEPS
    for step in range(STEPS):
        t = 1 + step * h
        k1, r1 = rates(model, x, t, numerator, denominator)
        k2, r2 = rates(model, x + h / 2 * k1, t + h / 2, numerator, denominator)
        k3, r3 = rates(model, x + h / 2 * k2, t + h / 2, numerator, denominator)
        k4, r4 = rates(model, x + h * k3, t + h, numerator, denominator)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        total = total - h / 6 * (r1 + 2 * r2 + 2 * r3 + r4)
    return total


def write_safetensors(path, tensors):
    """The format in a few lines: length of the header, header, float32 data."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().to(torch.float32).numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.manual_seed(SEED)
    model = Model().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.5)
    folder = os.path.dirname(os.path.abspath(__file__))
    write_safetensors(os.path.join(folder, "golden_import.safetensors"), model.state_dict())
    model = model.double()
    points = torch.randn(6, DIMENSION, dtype=torch.float64).to(torch.float32).double()
    outputs = []
    for t, categories in [(0.1, [0, 2]), (0.5, [1, -1]), (0.9, [-1, 0]), (1.0, [-1, -1])]:
        velocity, score = model(points, t, categories)
        outputs.append({"time": t, "categories": categories, "velocity": velocity.detach().reshape(-1).tolist(), "score": score.detach().reshape(-1).tolist()})
    ratio = log_ratio(model, points, [1, 0], [0, 0])
    result = {
        "about": "Outputs of golden_import.safetensors, made by make_golden_import.py with PyTorch in float64.",
        "dimension": DIMENSION, "points": points.reshape(-1).tolist(), "outputs": outputs,
        "log_ratio": {"numerator": [1, 0], "denominator": [0, 0], "steps": STEPS, "values": ratio.tolist()},
    }
    with open(os.path.join(folder, "golden_import.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    print(ratio)


if __name__ == "__main__":
    main()
