"""Reference results for the tests of this folder, from umap-learn. Writes umap-learn.json beside this file.

Run: /usr/bin/python3 src/engine/umap/umap-learn.py && npx biome format --write src/engine/umap
(Debian's packages umap-learn and python3-sklearn; the stored file names the versions)

Inputs are rounded to 3 decimals, so that the file and the computation hold the same numbers.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
import umap
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

warnings.filterwarnings("ignore")
rng = np.random.RandomState(20240701)


def numbers(values, digits=8):
    return [round(float(v), digits) for v in np.asarray(values).ravel()]


def matrix(a):
    return {"rows": a.shape[0], "cols": a.shape[1], "data": numbers(a, 3)}


def rounded(a):
    return np.round(a, 3).astype(np.float32)


def swiss_roll(n, noise):
    t = 1.5 * np.pi * (1 + 2 * rng.uniform(size=n))
    roll = np.stack([t * np.cos(t), 21 * rng.uniform(size=n), t * np.sin(t)], axis=1)
    return rounded(roll + noise * rng.normal(size=(n, 3)))


def blobs(n, d, k, spread):
    return rounded((rng.normal(size=(k, d)) * 2)[np.arange(n) % k] + rng.normal(size=(n, d)) * spread)


def curve_case(min_dist, spread):
    a, b = find_ab_params(spread, min_dist)
    return {"minDist": min_dist, "spread": spread, "a": float(a), "b": float(b)}


def graph_case(x, k):
    distances, ids = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors(x)
    graph = fuzzy_simplicial_set(x, k, rng, "euclidean", knn_indices=ids, knn_dists=distances.astype(np.float32))[0].tocoo()
    ties = sorted(zip(graph.row.tolist(), graph.col.tolist(), graph.data.tolist()))
    return {"x": matrix(x), "k": k, "ties": [[int(i), int(j), round(w, 6)] for i, j, w in ties if w > 0]}


def layout_case(x, seeds):
    trust = []
    for seed in seeds:
        layout = umap.UMAP(n_neighbors=15, min_dist=0.1, n_epochs=200, random_state=seed).fit_transform(x)
        trust.append(float(trustworthiness(x, layout, n_neighbors=15)))
    return {"x": matrix(x), "trustworthiness": trust}


result = {
    "made": f"src/engine/umap/umap-learn.py, umap-learn {umap.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "curves": [curve_case(*c) for c in [(0.1, 1), (0.0, 1), (0.5, 1), (0.01, 1), (0.99, 1), (0.1, 2), (0.25, 1.5)]],
    "graph": graph_case(blobs(60, 4, 3, 1.0), 8),
    "swissRoll": layout_case(swiss_roll(600, 0.5), range(5)),
    "blobs": layout_case(blobs(400, 8, 5, 1.0), range(5)),
}
Path(__file__).with_name("umap-learn.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
print({name: np.mean(result[name]["trustworthiness"]) for name in ("swissRoll", "blobs")})
