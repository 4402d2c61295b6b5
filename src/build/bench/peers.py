"""The Python peers of the benchmark, for `npm run bench`.

peers.py versions                              prints what is installed
peers.py WORK FILE COLS K PARAMETER FOLDER     gets ready for the rows (float32) in FILE and prints {"ready": true}; then, for each
                                               line with a seed on stdin, runs once and prints {"wall", "cpu", "value"}, seconds.
                                               Labels, neighbours and layouts go to FOLDER/labels, ids (int32) and layout (float32).

Imports, reading, and a small run that warms up (and compiles what numba compiles) are not timed. Threads are as the
environment says.
"""

import json
import os
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, KMeans, ward_tree
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")

NEIGHBOURS = 15
MIN_PTS = 15
PCA_DIMS = 64
# From so many rows on pynndescent and umap-learn take the path that is timed; below, others.
COMPILED_ROWS = 4500


def lloyd20(x, seed, k, parameter):
    model = KMeans(k, init=x[:k].copy(), n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(x)
    return {"labels": model.labels_}


def converge(x, seed, k, parameter):
    model = KMeans(k, init="k-means++", n_init=1, max_iter=300, tol=1e-4, algorithm="lloyd", random_state=seed).fit(x)
    return {"labels": model.labels_}


def knn(x, seed, k, parameter):
    return {"ids": NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute").fit(x).kneighbors(x)[1]}


def ann(x, seed, k, parameter):
    import pynndescent

    index = pynndescent.NNDescent(x, n_neighbors=NEIGHBOURS, metric="euclidean", n_jobs=1, random_state=seed)
    return {"ids": index.neighbor_graph[0]}


def dbscan(x, seed, k, parameter):
    return {"labels": DBSCAN(eps=parameter, min_samples=MIN_PTS, algorithm="brute").fit(x).labels_}


def silhouette(x, seed, k, parameter):
    return {"value": silhouette_score(x, np.argmax(x[:, :k], axis=1))}


def pca(x, seed, k, parameter):
    model = PCA(min(PCA_DIMS, x.shape[1]), svd_solver="randomized", random_state=seed)
    model.fit_transform(x)
    return {"value": model.explained_variance_ratio_.sum()}


def ward(x, seed, k, parameter):
    return {"value": ward_tree(x, return_distance=True)[-1].sum()}


def umap(x, seed, k, parameter):
    import umap as umap_learn

    # Without random_state, which would switch to a slower loop; 500 epochs up to 10,000 rows, 200 above, as by default.
    epochs = 500 if len(x) <= 10_000 else 200
    model = umap_learn.UMAP(n_neighbors=NEIGHBOURS, min_dist=0.1, metric="euclidean", n_epochs=epochs, n_jobs=1)
    return {"layout": model.fit_transform(x)}


WORK = {f.__name__: f for f in [lloyd20, converge, knn, ann, dbscan, silhouette, pca, ward, umap]}


def versions():
    lines = [f"scikit-learn {sklearn.__version__}", f"numpy {np.__version__}", f"Python {sys.version.split()[0]}"]
    for name in ["pynndescent", "umap"]:
        try:
            lines.append(f"{'umap-learn' if name == 'umap' else name} {__import__(name).__version__}")
        except ImportError:
            pass
    print(", ".join(lines))


def run(work, x, seed, k, parameter, folder):
    wall, cpu = time.perf_counter(), time.process_time()
    out = work(x, seed, k, parameter)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    for name, kind in [("labels", np.int32), ("ids", np.int32), ("layout", np.float32)]:
        if name in out:
            np.ascontiguousarray(out[name], kind).tofile(os.path.join(folder, name))
    value = {"value": float(out["value"])} if "value" in out else {}
    return {"wall": wall, "cpu": cpu, "parts": [name for name in out if name != "value"], **value}


def main(name, *rest):
    if name == "versions":
        versions()
        return
    file, cols, k, parameter, folder = rest
    x = np.fromfile(file, dtype=np.float32).reshape(-1, int(cols))
    work = WORK[name]
    work(x[: COMPILED_ROWS if name in ("ann", "umap") else 500], 1, int(k), float(parameter))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(work, x, int(line), int(k), float(parameter), folder)), flush=True)


main(*sys.argv[1:])
