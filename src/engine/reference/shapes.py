"""Reference results on the five shapes of make.py's DBSCAN cases: k-means, Ward, average linkage, HDBSCAN, indexes of quality.

Reads their rows from sklearn.json, writes shapes.json, both beside this file.

Run: python3 src/engine/reference/shapes.py && npx biome format --write src/engine/reference
(HDBSCAN needs scikit-learn 1.3 or later; the stored file was made with 1.6.1 and names its versions; all but HDBSCAN come out the
same with 1.2.1)
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.cluster._hdbscan._tree import _condense_tree
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, davies_bouldin_score, silhouette_score

SEED = 20240601
SMALLEST_CLUSTER = 8
CLUSTERS = {"moons": 4, "blobs": 4, "anisotropic": 3, "noise": 6, "duplicates": 5}
folder = Path(__file__).parent


def numbers(values, digits):
    return [round(float(v), digits) for v in np.asarray(values).ravel()]


def rows_of(case):
    m = case["x"]
    return np.array(m["data"], dtype=np.float32).astype(np.float64).reshape(m["rows"], m["cols"])


def distinct_rows(x, k, random):
    """Rows to start from, no two of them equal."""
    order = random.permutation(len(x))
    _, first = np.unique(x[order], axis=0, return_index=True)
    return order[np.sort(first)][:k]


def kmeans_case(x, k, random):
    start = distinct_rows(x, k, random)
    model = KMeans(k, init=x[start], n_init=1, max_iter=300, tol=1e-4, algorithm="lloyd").fit(x)
    return {
        "start": start.tolist(),
        "labels": model.labels_.tolist(),
        "centroids": numbers(model.cluster_centers_, 8),
        "inertia": float(model.inertia_),
        "iterations": int(model.n_iter_),
        "silhouette": float(silhouette_score(x, model.labels_)),
        "daviesBouldin": float(davies_bouldin_score(x, model.labels_)),
        "calinskiHarabasz": float(calinski_harabasz_score(x, model.labels_)),
    }


def agglomerative_case(x, k):
    return {
        linkage: AgglomerativeClustering(k, linkage=linkage).fit(x).labels_.tolist() for linkage in ("ward", "average")
    }


def hdbscan_fit(x, min_samples, selection):
    model = HDBSCAN(SMALLEST_CLUSTER, min_samples=min_samples, cluster_selection_method=selection, algorithm="brute")
    return model.fit(x)


def depends_on_order(x, min_samples, selection):
    """Whether the order in which edges of one weight are taken matters: scikit-learn takes them as its sort left them."""
    plain = hdbscan_fit(x, min_samples, selection)
    for seed in range(4):
        order = np.random.RandomState(SEED + seed).permutation(len(x))
        moved = hdbscan_fit(x[order], min_samples, selection)
        if adjusted_rand_score(plain.labels_[order], moved.labels_) < 1:
            return True
        if np.abs(plain.probabilities_[order] - moved.probabilities_).max() > 1e-6:
            return True
        if np.abs(glosh(plain, len(x))[order] - glosh(moved, len(x))).max() > 1e-6:
            return True
    return False


def glosh(model, rows):
    """GLOSH (Campello 2015, equation 8) over scikit-learn's condensed tree, which has no scores of its own. Values are 1 / distance."""
    tree = _condense_tree(model._single_linkage_tree_, SMALLEST_CLUSTER)
    densest = {}
    for parent, child, value, _ in tree[::-1]:
        densest[parent] = max(densest.get(parent, 0), value, densest.get(child, 0))
    scores = np.zeros(rows)
    for parent, child, value, _ in tree:
        if child < rows:
            scores[child] = 1 - value / densest[parent]
    return scores


def hdbscan_case(x, selection):
    """Of the largest core distances for which there is one answer whatever the order of the rows."""
    min_samples = next(s for s in (8, 5, 4, 3, 2) if not depends_on_order(x, s, selection))
    model = hdbscan_fit(x, min_samples, selection)
    return {
        "minClusterSize": SMALLEST_CLUSTER,
        "minSamples": min_samples,
        "selection": selection,
        "labels": model.labels_.tolist(),
        "probabilities": numbers(model.probabilities_, 8),
        "outlierScores": numbers(glosh(model, len(x)), 8),
    }


def shape_case(case, at):
    x, k = rows_of(case), CLUSTERS[case["name"]]
    return {
        "name": case["name"],
        "clusters": k,
        "kmeans": kmeans_case(x, k, np.random.RandomState(SEED + at)),
        "agglomerative": agglomerative_case(x, k),
        "hdbscan": [hdbscan_case(x, selection) for selection in ("eom", "leaf")],
    }


stored = json.loads((folder / "sklearn.json").read_text())
made = f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, scipy {scipy.__version__}, seed {SEED}"
result = {
    "made": f"src/engine/reference/shapes.py, {made}",
    "shapes": [shape_case(case, at) for at, case in enumerate(stored["dbscan"])],
}
(folder / "shapes.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
