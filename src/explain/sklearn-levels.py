"""Reference results for levels.test.ts, from scikit-learn. Writes sklearn-levels.json beside this file.

Run: /usr/bin/python3 src/explain/sklearn-levels.py && npx biome format --write src/explain
(Debian's package python3-sklearn; the stored file names the version)

Centroids of 6 tracks over 4 windows in 3 coarse groups, unit rows, and users of each. A centroid that stands for w users is w equal
rows for scikit-learn. Inputs are rounded to 4 decimals, so that the file and the computation hold the same numbers.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import AgglomerativeClustering, BisectingKMeans

rng = np.random.RandomState(20240801)
DIMS = 6
coarse = rng.normal(size=(3, DIMS))
tracks = np.repeat(coarse, 2, axis=0) + 0.45 * rng.normal(size=(6, DIMS))
x = np.repeat(tracks, 4, axis=0) + 0.06 * rng.normal(size=(24, DIMS))
x = np.round(x / np.linalg.norm(x, axis=1, keepdims=True), 4).astype(np.float32)
sizes = rng.randint(1, 40, size=len(x))
firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
repeated = np.repeat(x, sizes, axis=0)


def agglomerative(linkage, k):
    return AgglomerativeClustering(n_clusters=k, linkage=linkage).fit(repeated).labels_[firsts]


def bisecting(k):
    return BisectingKMeans(n_clusters=k, n_init=20, random_state=1, tol=0).fit(x).labels_


cuts = [2, 3, 6, 9]
stored = {
    "made with": f"scikit-learn {sklearn.__version__}",
    "cols": DIMS,
    "centroids": [round(float(v), 4) for v in x.ravel()],
    "sizes": sizes.tolist(),
    "cuts": cuts,
    "labels": {
        "ward": [agglomerative("ward", k).tolist() for k in cuts],
        "average": [agglomerative("average", k).tolist() for k in cuts],
        "bisecting": [bisecting(k).tolist() for k in cuts[:3]],
    },
}
Path(__file__).with_suffix(".json").write_text(json.dumps(stored, indent=1) + "\n")
