# SPDX-License-Identifier: MIT
"""
The error of products in each precision against double precision on the networks' shapes, in numpy: an independent copy of the arithmetic that
Tests/Kernels/Emulation/Ptx/RoundedProducts has. Sums of eight products are rounded to float32, or cut off as tensor cores are known to
(Fasi, Higham, Mikaitis and Pranesh, PeerJ Computer Science 7:e330, 2021). Prints a table: largest error and root of the mean square, as shares of
the root of the mean squared result, and the largest as a share of the sum of |a b|.

    python3 Benchmarks/Peers/product_errors.py
"""
import numpy as np

SHAPES = [("layer, 1024 inputs", 32, 64, 1024, 1, 1 / 32), ("layer, 256 inputs", 32, 64, 256, 1, 1 / 16),
          ("input gradient, 1024 outputs", 32, 64, 1024, 1e-3, 1 / 32), ("input gradient, 256 outputs", 32, 64, 256, 1e-3, 1 / 16),
          ("weight gradient, 512 rows", 64, 64, 512, 1e-3, 1)]


def rounded(x):
    """11 bits by Veltkamp's splitting."""
    scaled = (x * np.float32(8193)).astype(np.float32)
    return (scaled - (scaled - x)).astype(np.float32)


def rest(x, high):
    """What rounding left, cut off to 11 bits."""
    left = (x - high).astype(np.float32)
    return (left.view(np.uint32) & np.uint32(0xFFFFE000)).view(np.float32)


def to_single(value, truncates):
    single = value.astype(np.float32)
    larger = np.abs(single.astype(np.float64)) > np.abs(value)
    return np.where(larger & truncates, np.nextafter(single, np.float32(0)), single)


def product(a, b, precision, truncates):
    step = 1 if precision == "fp32" else 8
    if precision == "fp32":
        factors = [(a, b)]
    else:
        high_a, high_b = rounded(a), rounded(b)
        factors = [(high_a, high_b)]
        if precision == "3xtf32":
            factors = [(rest(a, high_a), high_b), (high_a, rest(b, high_b)), (high_a, high_b)]
    sums = np.zeros((a.shape[0], b.shape[1]), np.float32)
    for k in range(0, a.shape[1], step):
        for left, right in factors:
            sums = to_single(sums + left[:, k:k + step].astype(np.float64) @ right[k:k + step].astype(np.float64), truncates)
    return sums


def main():
    random = np.random.default_rng(7)
    print("| product | precision | largest | root mean square | largest of sum of magnitudes |\n| --- | --- | --- | --- | --- |")
    for name, rows, columns, depth, left, right in SHAPES:
        a = (random.standard_normal((rows, depth)) * left).astype(np.float32)
        b = (random.standard_normal((depth, columns)) * right).astype(np.float32)
        exact = a.astype(np.float64) @ b.astype(np.float64)
        magnitudes = np.abs(a).astype(np.float64) @ np.abs(b).astype(np.float64)
        scale = np.sqrt((exact ** 2).mean())
        for precision, truncates in (("fp32", False), ("tf32", False), ("tf32", True), ("3xtf32", False), ("3xtf32", True)):
            error = np.abs(product(a, b, precision, truncates) - exact)
            mode = precision + (", cut off" if truncates else "")
            print(f"| {name} | {mode} | {error.max() / scale:.1e} | {np.sqrt((error ** 2).mean()) / scale:.1e} | {(error / magnitudes).max():.1e} |")


if __name__ == "__main__":
    main()
