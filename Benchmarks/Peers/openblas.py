# SPDX-License-Identifier: MIT
"""OpenBLAS by ctypes: sgemm on the shapes of our layers. numpy only holds the memory."""
import ctypes
import glob

import numpy as np

ROW_MAJOR, NO_TRANS, TRANS = 101, 111, 112
PATTERNS = ("/usr/lib/*/openblas-pthread/libopenblas.so.0", "/usr/lib/*/libopenblas.so.0", "/usr/lib*/libopenblas*.so*",
            "/opt/homebrew/opt/openblas/lib/libopenblas.dylib")


def find():
    return next((path for pattern in PATTERNS for path in sorted(glob.glob(pattern))), None)


class OpenBlas:
    def __init__(self, path=None):
        self.path = path or find()
        if self.path is None:
            raise OSError("OpenBLAS was not found (Debian: apt-get install libopenblas0-pthread)")
        self.library = ctypes.CDLL(self.path)
        for name in ("openblas_get_corename", "openblas_get_config"):
            getattr(self.library, name).restype = ctypes.c_char_p
        self.library.cblas_sgemm.restype = None
        self.threads = None

    def describe(self):
        return {"path": self.path, "core": self.library.openblas_get_corename().decode(),
                "config": self.library.openblas_get_config().decode()}

    def set_threads(self, threads):
        if threads != self.threads:
            self.library.openblas_set_num_threads(threads)
            self.threads = threads

    def gemm(self, kind, rows, inputs, outputs):
        """A function that runs the product of a layer: X [rows, inputs], W [outputs, inputs], Y [rows, outputs], row-major."""
        random = np.random.default_rng(1)
        x, w, y = (random.standard_normal(shape, np.float32) for shape in ((rows, inputs), (outputs, inputs), (rows, outputs)))
        left, right, result, transpose, m, n, k = {
            "forward": (x, w, y, (NO_TRANS, TRANS), rows, outputs, inputs),              # Y = X W^T
            "data-gradient": (y, w, x, (NO_TRANS, NO_TRANS), rows, inputs, outputs),     # dX = dY W
            "weight-gradient": (y, x, w, (TRANS, NO_TRANS), outputs, inputs, rows),      # dW = dY^T X
        }[kind]
        one, zero = ctypes.c_float(1), ctypes.c_float(0)
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (left, right, result)]

        def run():
            self.library.cblas_sgemm(ROW_MAJOR, *transpose, m, n, k, one, pointers[0], left.shape[1], pointers[1],
                                     right.shape[1], zero, pointers[2], result.shape[1])

        run.keep = (left, right, result)
        expected = {"forward": lambda: x @ w.T, "data-gradient": lambda: y @ w, "weight-gradient": lambda: y.T @ x}[kind]()
        run()
        error = np.abs(result - expected).max() / np.abs(expected).max()
        assert error < 1e-4, f"sgemm {kind} {rows}x{inputs}x{outputs} is wrong by {error}"
        return run
