# SPDX-License-Identifier: MIT
"""Golden values of MELD on a small graph, in dense float64 linear algebra (numpy only), written to golden_meld.json.

Independent of the C# code in everything that can be done another way: all distances at once, a dense kernel without a neighbour
search, and the filter exp(-60 lambda / lambda_max) by a full eigendecomposition instead of a Chebyshev expansion (whose truncation
error at order 50 is below 1e-15).

Run with no arguments (numpy); the JSON is written beside this file.
"""
import json
import os

import numpy as np

KNN, DECAY, THRESHOLD, BETA, MARGIN = 5, 40.0, 1e-4, 60.0, 1.01


def make_points(random):
    """Three clouds of different density, and seven copies of one point, whose bandwidth is zero."""
    clouds = [random.normal(0, 1, (60, 3)), random.normal(3, 0.5, (40, 3)), random.normal([0, 4, -2], 0.2, (20, 3))]
    points = np.concatenate(clouds + [np.repeat([[9.0, 9.0, 9.0]], 7, axis=0)])
    return points.astype(np.float32).astype(np.float64)


def kernel(points):
    distances = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    count = len(points)
    others = np.sort(distances + np.where(np.eye(count) > 0, np.inf, 0), axis=1)
    bandwidth = np.maximum(others[:, KNN - 1], np.finfo(float).eps)
    with np.errstate(over="ignore"):  # far points: infinity, whose exponential is zero
        affinity = np.exp(-((distances / bandwidth[:, None]) ** DECAY))
    affinity[affinity < THRESHOLD] = 0
    return (affinity + affinity.T) / 2


def main():
    random = np.random.default_rng(7)
    points = make_points(random)
    labels = random.random(len(points)) < 1 / (1 + np.exp(-points[:, 0]))
    symmetric = kernel(points)
    sums = symmetric.sum(axis=1)
    weights = symmetric / np.outer(sums, sums)
    np.fill_diagonal(weights, 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    values, vectors = np.linalg.eigh(laplacian)
    largest = MARGIN * values[-1]
    smooth = vectors @ np.diag(np.exp(-BETA * np.abs(values / largest))) @ vectors.T
    indicator = np.stack([~labels, labels], axis=1).astype(float)
    densities = smooth @ (indicator / indicator.sum(axis=0))
    golden = {
        "dimension": points.shape[1],
        "points": [float(x) for x in points.ravel()],
        "labels": [bool(x) for x in labels],
        "largest_eigenvalue": float(largest),
        "densities": densities.tolist(),
    }
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden_meld.json"), "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main()
