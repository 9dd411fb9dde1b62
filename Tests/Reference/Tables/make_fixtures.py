"""Makes the small files that the table readers are tested with. Needs numpy, pandas, scipy, h5py and anndata 0.8 or later.

    python3 Tests/Reference/Tables/make_fixtures.py

cells.h5ad       as anndata 0.8 writes it: every kind of obs column, dense, csr and csc matrices, a frame in obsm
cells-old.h5ad   the layout of anndata 0.7, by h5py: categories in obs/__categories, no encodings on lists
types.h5ad       every width and byte order of numbers, every kind of text, nullable texts of anndata 0.11, by h5py
clouds.h5ad      360 cells in three clouds, with a cluster, a batch, a donor and an arm, for the single-cell applications
columns.h5ad     obs alone, without a matrix: numbers, row numbers, numbers as text, by h5py
cells-records.h5ad  the layout before anndata 0.7, by h5py: obs is a list of records
latest.h5ad      the newest structures of HDF5: links and attributes in order of creation, extensible chunks
*.npy, *.npz     numpy arrays: versions, orders, widths, texts
pca.json         a small matrix with its principal components by numpy's singular value decomposition
"""
import json
import os
import zipfile

import anndata
import h5py
import numpy as np
import pandas as pd
import scipy.sparse as sp

here = os.path.dirname(os.path.abspath(__file__))
names = ["cell-0", "cell-1", "cell-2", "cell-3", "cell-4", "cell-ü"]
n = len(names)
points = (np.arange(n * 4).reshape(n, 4) * 0.5 - 3).astype("f4")
sparse = sp.csr_matrix(np.where(np.arange(n * 5).reshape(n, 5) % 3 == 0, np.arange(n * 5).reshape(n, 5), 0).astype("f4"))


def path(name):
    target = os.path.join(here, name)
    if os.path.exists(target):
        os.remove(target)
    return target


def cells():
    obs = pd.DataFrame(
        {
            "group": pd.Categorical(["b", "a", None, "a", "b", "c ü"], categories=["b", "a", "c ü", "unused"]),
            "level": pd.Categorical([3, 1, 1, 2, 3, 3]),
            "text": ["x", "y", "z", "x", "", "ü"],
            "count": np.array([0, -1, 2**40, 3, 4, 5], "i8"),
            "identity": np.array([2**60 + i for i in range(n)], "i8"),
            "score": np.array([0.1, 1.5, -2, 3, 4, 5], "f4"),
            "weight": np.array([1, np.nan, 3, 4, 5, 6], "f8"),
            "flag": np.array([True, False, True, True, False, False]),
            "maybe": pd.array([True, None, False, True, None, False], dtype="boolean"),
            "whole": pd.array([1, 2, None, 4, 5, 6], dtype="Int64"),
        },
        index=pd.Index(names, name="barcode"),
    )
    data = anndata.AnnData(points, obs=obs)
    data.layers["counts"] = sp.csr_matrix(points)
    data.layers["by_columns"] = sp.csc_matrix(points)
    data.obsm["X_pca"] = points[:, :3].astype("f8") / 3
    data.obsm["X_sparse"] = sparse
    data.obsm["frame"] = pd.DataFrame({"u": np.arange(n) * 1.5, "v": np.arange(n)}, index=obs.index)
    data.obsm["labels"] = pd.DataFrame({"u": list("abcdef")}, index=obs.index)
    data.raw = data
    data.write_h5ad(path("cells.h5ad"), compression="gzip")


def old_cells():
    text = h5py.special_dtype(vlen=str)
    with h5py.File(path("cells-old.h5ad"), "w") as file:
        file.create_dataset("X", data=points.astype(">f8"), chunks=(4, 3), compression="gzip", shuffle=True)
        obs = file.create_group("obs")
        obs.attrs["encoding-type"] = "dataframe"
        obs.attrs["encoding-version"] = "0.1.0"
        obs.attrs["_index"] = "index"
        obs.attrs["column-order"] = np.array(["group", "count"], dtype=object)
        obs.create_dataset("index", data=np.array(names, dtype=object), dtype=text)
        obs.create_dataset("count", data=np.arange(n, dtype="i4"))
        all_categories = obs.create_group("__categories")
        categories = all_categories.create_dataset("group", data=np.array(["b", "a"], dtype=object), dtype=text)
        categories.attrs["ordered"] = np.bool_(False)
        codes = obs.create_dataset("group", data=np.array([0, 1, -1, 1, 0, 0], "i1"))
        codes.attrs["categories"] = categories.ref
        layers = file.create_group("layers")
        counts = layers.create_group("older")
        counts.attrs["h5sparse_format"] = "csr"
        rows = sp.csr_matrix(points)
        counts.attrs["h5sparse_shape"] = np.array(rows.shape)
        counts.create_dataset("data", data=rows.data)
        counts.create_dataset("indices", data=rows.indices)
        counts.create_dataset("indptr", data=rows.indptr)
        var = file.create_group("var")
        var.attrs["encoding-type"] = "dataframe"
        var.attrs["encoding-version"] = "0.1.0"
        var.attrs["_index"] = "index"
        var.attrs["column-order"] = np.array([], dtype="f8")
        var.create_dataset("index", data=np.array(list("abcd"), dtype=object), dtype=text)


def types():
    # The entry of records must not keep the others from being read.
    with h5py.File(path("types.h5ad"), "w") as file:
        file.attrs["encoding-type"] = "anndata"
        file.attrs["encoding-version"] = "0.1.0"
        obs = file.create_group("obs")
        obs.attrs["encoding-type"] = "dataframe"
        obs.attrs["encoding-version"] = "0.2.0"
        obs.attrs["_index"] = "_index"
        obs.create_dataset("_index", data=np.array(["a", "b", "c"], dtype="S1"))
        values = [1, 2, 100]
        columns = []
        for kind in "i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8".split():
            for order in "<>":
                obs.create_dataset(order.replace("<", "little-").replace(">", "big-") + kind, data=np.array(values, order + kind))
                columns.append(order.replace("<", "little-").replace(">", "big-") + kind)
        texts = ["one", "", "drei ü"]
        obs.create_dataset("variable-utf8", data=texts, dtype=h5py.string_dtype("utf-8"))
        obs.create_dataset("variable-ascii", data=["one", "", "three"], dtype=h5py.string_dtype("ascii"))
        obs.create_dataset("fixed-utf8", data=np.array([t.encode() for t in texts], dtype=h5py.string_dtype("utf-8", 8)))
        obs.create_dataset("fixed-ascii", data=np.array([b"one", b"", b"three"]), dtype=h5py.string_dtype("ascii", 5))
        padded = h5py.h5t.TypeID.copy(h5py.h5t.C_S1)
        padded.set_size(6)
        padded.set_strpad(h5py.h5t.STR_SPACEPAD)
        space = h5py.h5s.create_simple((3,))
        dataset = h5py.h5d.create(obs.id, b"fixed-spaces", padded, space)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"one   ", b"      ", b"a b   "]), padded)
        nullable = obs.create_group("nullable-text")
        nullable.attrs["encoding-type"] = "nullable-string-array"
        nullable.attrs["encoding-version"] = "0.1.0"
        nullable.create_dataset("values", data=texts, dtype=h5py.string_dtype("utf-8"))
        nullable.create_dataset("mask", data=np.array([False, True, False]))
        obs.attrs["column-order"] = np.array(
            columns + ["variable-utf8", "variable-ascii", "fixed-utf8", "fixed-ascii", "fixed-spaces", "nullable-text"], dtype=object)
        obsm = file.create_group("obsm")
        obsm.create_dataset("X_half", data=np.array([[1, 2], [3, 4], [5, 6.5]], "f2"))
        obsm.create_dataset("X_big", data=np.array([[1, 2], [3, 4], [5, 6]], ">i2"))
        obsm.create_dataset("X_nan", data=np.array([[1, 2], [3, np.nan], [5, 6]], "f4"))
        obsm.create_dataset("X_records", data=np.array([(1, 2.0)] * 3, dtype=[("a", "i4"), ("b", "f4")]))
        obsm.create_dataset("X_short", data=np.array([[1, 2]], "f4"))


def clouds():
    count = 360
    random = np.random.default_rng(9)
    number = np.arange(count)
    cluster, batch, donor, arm = number % 3, number // 3 % 2, number // 6 % 3, number // 18 % 2
    places = np.stack([4.0 * cluster + 1.5 * batch, 1.5 * arm + 0.2 * donor], 1) + random.normal(size=(count, 2))
    obs = pd.DataFrame(
        {
            "cluster": pd.Categorical.from_codes(cluster, ["B", "NK", "T"]),
            "batch": pd.Categorical.from_codes(batch, ["day 1", "day 2"]),
            "donor": pd.Categorical.from_codes(donor, ["p1", "p2", "p3"]),
            "arm": pd.Categorical.from_codes(arm, ["ctrl", "stim"]),
        },
        index=pd.Index([f"cell-{i}" for i in number], name="barcode"),
    )
    data = anndata.AnnData(np.zeros((count, 1), "f4"), obs=obs)
    data.obsm["X_pca"] = np.c_[places, random.normal(size=count)].round(4).astype("f4")
    data.obsm["X_umap"] = places.round(3).astype("f4")
    data.write_h5ad(path("clouds.h5ad"), compression="gzip")


def columns():
    count = 8
    with h5py.File(path("columns.h5ad"), "w") as file:
        obs = file.create_group("obs")
        obs.attrs["_index"] = "_index"
        obs.attrs["column-order"] = np.array(["a", "b", "number", "text"], dtype=object)
        obs.create_dataset("_index", data=np.array([f"c{i}" for i in range(count)], dtype="S2"))
        obs.create_dataset("a", data=np.arange(count) * 0.5)
        obs.create_dataset("b", data=np.array([0.5, 2, np.nan, 4, 5, 6, 7, 8]))
        obs.create_dataset("number", data=np.arange(count))
        obs.create_dataset("text", data=np.array([f"0.{i}" for i in range(count)], dtype="S3"))


def records():
    with h5py.File(path("cells-records.h5ad"), "w") as file:
        file.create_dataset("X", data=points)
        file.create_dataset("obs", data=np.array([(f"c{i}".encode(), i % 2) for i in range(n)], dtype=[("index", "S2"), ("group", "i1")]))


def latest():
    with h5py.File(path("latest.h5ad"), "w", libver="latest", track_order=True) as file:
        obs = file.create_group("obs", track_order=True)
        columns = [f"column-{i}" for i in range(12)]
        obs.attrs["_index"] = "_index"
        obs.attrs["column-order"] = np.array(columns, dtype=object)
        for i in range(5):
            obs.attrs[f"attribute-{i}"] = f"text {i}"
        obs["_index"] = np.array(list("abc"), dtype=object)
        for i, name in enumerate(columns):
            obs.create_dataset(name, data=np.array([f"{name}-{r}" for r in range(3)], dtype=object), chunks=(2,), compression="gzip")
        file.create_dataset("X", data=np.arange(6, dtype="f4").reshape(3, 2), chunks=(2, 1), maxshape=(None, 2), compression="gzip", shuffle=True, fletcher32=True)


def arrays():
    matrix = np.arange(12).reshape(4, 3) / 4 - 1
    np.save(path("f4.npy"), matrix.astype("f4"))
    np.save(path("f8-fortran.npy"), np.asfortranarray(matrix))
    np.save(path("f8-big.npy"), matrix.astype(">f8"))
    np.save(path("f2.npy"), matrix.astype("f2"))
    np.save(path("i2-fortran-big.npy"), np.asfortranarray((matrix * 4).astype(">i2")))
    np.save(path("vector.npy"), np.arange(4, dtype="f4"))
    np.save(path("objects.npy"), np.array([{}, []], dtype=object), allow_pickle=True)
    np.save(path("records.npy"), np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))
    with open(path("version2.npy"), "wb") as file:
        np.lib.format.write_array(file, matrix.astype("f4"), version=(2, 0))
    with open(path("version3.npy"), "wb") as file:
        np.lib.format.write_array(file, matrix.astype("f4"), version=(3, 0))
    content = {
        "X": matrix.astype("f4"),
        "fortran": np.asfortranarray(matrix[:, :2]),
        "group": np.array(["b", "a", "", "ü€"]),
        "bytes": np.array([b"one", b"two", b"", b"four"]),
        "big_text": np.array(["x", "yy", "z", "\U0001F600"], dtype=">U2"),
        "flag": np.array([True, False, True, True]),
        "count": np.array([1, 2, 3, 2**60], "i8"),
        "small": np.array([1, 2, 3, 255], "u1"),
        "value": np.array([0.5, np.nan, 2, 3], "f8"),
        "genes": np.array(["g1", "g2", "g3"]),
        "seed": np.array(7),
    }
    np.savez(path("stored.npz"), **content)
    np.savez_compressed(path("deflated.npz"), **content)
    # force_zip64 as numpy itself does since 1.9; here with a comment and folders as other tools write them.
    with zipfile.ZipFile(path("zip64.npz"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"made elsewhere"
        for name in ("X", "group"):
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, content[name])


def components():
    random = np.random.default_rng(5)
    basis = random.normal(size=(5, 5))
    data = (random.normal(size=(40, 5)) * [4, 2, 1, 0.5, 0.1]) @ basis + [10, -20, 0, 3, 100]
    data = data.astype("f4")
    centered = data.astype("f8") - data.astype("f8").mean(0)
    _, singular, rows = np.linalg.svd(centered, full_matrices=False)
    # Signs: the entry of largest magnitude of each component is positive.
    rows *= np.sign(rows[np.arange(5), np.abs(rows).argmax(1)])[:, None]
    with open(path("pca.json"), "w") as file:
        json.dump(
            {
                "rows": 40,
                "dimension": 5,
                "points": data.ravel().tolist(),
                "mean": data.astype("f8").mean(0).tolist(),
                "components": rows.ravel().tolist(),
                "explained_variance": (singular**2 / 39).tolist(),
                "projected": (centered @ rows[:3].T).ravel().tolist(),
            },
            file,
        )
        file.write("\n")


cells()
old_cells()
types()
clouds()
columns()
records()
latest()
arrays()
components()
