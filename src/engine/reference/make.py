"""Reference results for the engine's tests, from scikit-learn and scipy. Writes sklearn.json beside this file.

Run: python3 src/engine/reference/make.py && npx biome format --write src/engine/reference
(the stored file was made with scikit-learn 1.2.1; it names its versions)

Inputs are rounded to 4 decimals and to float32, so that the file and the computation hold the same numbers.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.cluster import DBSCAN, BisectingKMeans, KMeans
from sklearn.datasets import make_moons
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import jensenshannon
from scipy.special import gammaln
from scipy.stats import hypergeom
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    calinski_harabasz_score,
    davies_bouldin_score,
    homogeneity_completeness_v_measure,
    precision_recall_fscore_support,
    silhouette_samples,
    silhouette_score,
)
from sklearn.metrics.cluster import contingency_matrix
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import NearestNeighbors

rng = np.random.RandomState(20240501)


def numbers(values, digits=10):
    return [round(float(v), digits) for v in np.asarray(values).ravel()]


def matrix(a):
    return {"rows": a.shape[0], "cols": a.shape[1], "data": numbers(a, 4)}


def rounded(a):
    return np.round(a, 4).astype(np.float32).astype(np.float64)


def blobs(n, d, k, spread):
    centres = rng.normal(size=(k, d)) * 2
    return rounded(centres[np.arange(n) % k] + rng.normal(size=(n, d)) * spread), rounded(centres)


def kmeans_case(n, d, k, spread, far=False):
    x, _ = blobs(n, d, k, spread)
    start = x[rng.choice(n, k, replace=False)].copy()
    if far:  # the last start is nearest to no row, so its cluster is empty in the first step
        start[-1] = 60.0
    model = KMeans(k, init=start, n_init=1, max_iter=100, tol=1e-4, algorithm="lloyd").fit(x)
    return {
        "x": matrix(x),
        "start": matrix(start),
        "labels": model.labels_.tolist(),
        "centroids": numbers(model.cluster_centers_, 8),
        "inertia": float(model.inertia_),
        "iterations": int(model.n_iter_),
    }


def silhouette_case(x, labels):
    return {"labels": labels.tolist(), "mean": float(silhouette_score(x, labels)), "values": numbers(silhouette_samples(x, labels))}


def pca_case(n, d, dims):
    x = rounded(rng.normal(size=(n, d)) * np.linspace(2, 0.2, d) + rng.normal(size=(n, 1)))
    model = PCA(dims, svd_solver="full").fit(x)
    return {
        "x": matrix(x),
        "dims": dims,
        "ratio": numbers(model.explained_variance_ratio_, 12),
        "variance": numbers(model.explained_variance_, 10),
        "absComponents": numbers(np.abs(model.components_), 8),
    }


def knn_case(n, d, k):
    x, _ = blobs(n, d, 4, 1.0)
    distances, ids = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors(x)
    return {"x": matrix(x), "k": k, "ids": ids.ravel().tolist(), "distances": numbers(distances, 8)}


def ari_cases():
    a = rng.randint(0, 4, 60)
    noisy = np.where(rng.uniform(size=60) < 0.3, rng.randint(0, 5, 60), a)
    pairs = [(a, noisy), (a, a * 7 - 1), (a, rng.randint(0, 3, 60)), (np.zeros(9, int), np.arange(9)), (np.zeros(5, int), np.zeros(5, int))]
    return [{"a": a.tolist(), "b": b.tolist(), "ari": float(adjusted_rand_score(a, b))} for a, b in pairs]


def trust_case():
    x, _ = blobs(60, 5, 3, 1.0)
    layout = rounded(x[:, :2] + rng.normal(size=(60, 2)))
    return {"x": matrix(x), "layout": matrix(layout), "k": 5, "trustworthiness": float(trustworthiness(x, layout, n_neighbors=5))}


def off_pairs(x, eps):
    """A value near eps that no distance of two rows is within 1e-4 of: the middle of the widest gap."""
    d = np.linalg.norm(x[:, None] - x[None], axis=2)
    near = np.unique(d[np.abs(d - eps) < eps * 0.1])
    widest = np.argmax(np.diff(near))
    assert near[widest + 1] - near[widest] > 2e-4
    return float((near[widest] + near[widest + 1]) / 2)


def dbscan_case(name, x, eps, min_pts):
    x = rounded(x)
    eps = off_pairs(x, eps)
    model = DBSCAN(eps=eps, min_samples=min_pts, algorithm="brute").fit(x)
    core = model.core_sample_indices_.tolist()
    return {"name": name, "x": matrix(x), "eps": eps, "minPts": min_pts, "labels": model.labels_.tolist(), "core": core}


def dbscan_cases():
    anisotropic = blobs(150, 2, 3, 0.5)[0] @ np.array([[0.6, -0.6], [-0.4, 0.8]])
    repeated = blobs(50, 3, 4, 0.4)[0]
    return [
        dbscan_case("moons", make_moons(150, noise=0.08, random_state=rng)[0], 0.2, 5),
        dbscan_case("blobs", blobs(150, 5, 4, 0.6)[0], 1.4, 6),
        dbscan_case("anisotropic", anisotropic, 0.3, 5),
        dbscan_case("noise", rng.uniform(size=(150, 2)), 0.07, 4),
        dbscan_case("duplicates", repeated[np.arange(150) % 50], 0.7, 8),
    ]


def hierarchy_case(n, d, k, spread, method):
    x, _ = blobs(n, d, k, spread)
    merges = linkage(x, method)
    return {
        "x": matrix(x),
        "method": method,
        "a": merges[:, 0].astype(int).tolist(),
        "b": merges[:, 1].astype(int).tolist(),
        "heights": numbers(merges[:, 2]),
        "sizes": merges[:, 3].astype(int).tolist(),
        "clusters": k,
        "labels": fcluster(merges, k, "maxclust").tolist(),
    }


# Cases below draw from generators of their own, so that a further case shifts no other's numbers.


def quality_cases():
    own = np.random.RandomState(11)
    x = rounded(own.normal(size=(3, 5))[np.arange(130) % 3] * 3 + own.normal(size=(130, 5)))
    labelings = [np.arange(130) % 3, own.randint(-1, 4, 130), np.where(np.arange(130) == 7, 9, np.arange(130) % 2)]
    scores = [
        {"labels": l.tolist(), "daviesBouldin": float(davies_bouldin_score(x, l)), "calinskiHarabasz": float(calinski_harabasz_score(x, l))}
        for l in labelings
    ]
    return {"x": matrix(x), "labelings": scores}


def agreement_case(classes, clusters):
    homogeneity, completeness, v = homogeneity_completeness_v_measure(classes, clusters)
    table = contingency_matrix(classes, clusters)
    rows, cols = linear_sum_assignment(table, maximize=True)
    names = np.unique(classes)
    cluster_names = np.unique(clusters)
    found = {cluster_names[c]: names[r] for r, c in zip(rows, cols)}
    predicted = [found.get(c, -99) for c in clusters]
    precision, recall, f1, support = precision_recall_fscore_support(classes, predicted, labels=names, zero_division=0)
    return {
        "classes": classes.tolist(),
        "clusters": clusters.tolist(),
        "homogeneity": float(homogeneity),
        "completeness": float(completeness),
        "vMeasure": float(v),
        "ami": float(adjusted_mutual_info_score(classes, clusters)),
        "purity": float(table.max(axis=0).sum() / len(classes)),
        "accuracy": float(table[rows, cols].sum() / len(classes)),
        "perClass": {
            "label": names.tolist(),
            "precision": numbers(precision, 12),
            "recall": numbers(recall, 12),
            "f1": numbers(f1, 12),
            "support": support.tolist(),
        },
    }


def agreement_cases():
    own = np.random.RandomState(12)
    skewed = own.choice(6, 400, p=[0.4, 0.25, 0.15, 0.1, 0.07, 0.03])
    finer = skewed * 2 + own.randint(0, 2, 400)
    pairs = [
        (skewed, np.where(own.uniform(size=400) < 0.25, own.randint(0, 9, 400), (skewed * 5) % 6)),
        (skewed, finer),
        (finer, skewed),
        (skewed, own.randint(0, 4, 400)),
        (skewed, skewed * 7 + 3),
        (own.randint(0, 3, 65), np.zeros(65, int)),
        (np.zeros(64, int), own.randint(0, 3, 64)),
        (np.arange(9), np.arange(9)),
        (np.zeros(5, int), np.zeros(5, int)),
        (np.zeros(7, int), np.arange(7)),
        (np.array([3]), np.array([8])),
    ]
    return [agreement_case(a, b) for a, b in pairs]


def assignment_cases():
    own = np.random.RandomState(13)
    cases = []
    for rows, cols in [(1, 1), (7, 7), (12, 5), (5, 12), (40, 33)]:
        weights = rounded(own.normal(size=(rows, cols)) * 10)
        at = linear_sum_assignment(weights, maximize=True)
        cases.append({"weights": matrix(weights), "rows": at[0].tolist(), "cols": at[1].tolist(), "total": float(weights[at].sum())})
    return cases


def log_factorial_cases():
    n = [0, 1, 2, 10, 170, 254, 255, 256, 257, 1000, 12345, 1000000, 300000000]
    return {"n": n, "value": [float(gammaln(i + 1.0)) for i in n]}


def hypergeometric_cases():
    own = np.random.RandomState(14)
    cases = [(0, 5, 2, 3), (3, 5, 3, 3), (1, 1, 1, 1), (4, 10, 8, 6), (3, 10, 8, 6), (5, 10, 3, 6)]
    for n in [20, 63, 64, 65, 400, 5000, 100000]:
        for _ in range(5):
            a, b = int(own.randint(1, n)), int(own.randint(1, n))
            mean, sd = a * b / n, np.sqrt(a * b / n * (1 - a / n) * (1 - b / n) + 0.1)
            at = int(np.clip(round(mean + own.normal() * 4 * sd), max(0, a + b - n), min(a, b)))
            cases.append((at, n, a, b))
    cases += [(300, 5000, 600, 700), (250, 100000, 5000, 1000)]
    return [
        {"x": x, "population": n, "marked": a, "drawn": b, "atLeast": float(hypergeom.sf(x - 1, n, a, b)), "equal": float(hypergeom.pmf(x, n, a, b))}
        for x, n, a, b in cases
    ]


def jensen_shannon_cases():
    own = np.random.RandomState(15)
    pairs = [([1, 0], [0, 1]), ([3, 1], [6, 2]), ([1], [5]), ([2, 0, 0, 5], [0, 0, 4, 1])]
    pairs += [(own.randint(0, 40, n).tolist(), own.randint(0, 40, n).tolist()) for n in (2, 5, 64, 65)]
    distances = [float(jensenshannon(p, q, base=2)) for p, q in pairs]
    return [{"p": p, "q": q, "distance": d} for (p, q), d in zip(pairs, distances)]


def mmd_case():
    own = np.random.RandomState(16)
    a = rounded(own.normal(size=(50, 4)))
    b = rounded(own.normal(size=(70, 4)) + 0.5)
    bandwidth = 1.7
    gamma = 1 / (2 * bandwidth**2)
    mmd2 = rbf_kernel(a, a, gamma).mean() + rbf_kernel(b, b, gamma).mean() - 2 * rbf_kernel(a, b, gamma).mean()
    both = np.vstack([a, b])
    pairs = np.linalg.norm(both[:, None] - both[None], axis=2)[np.triu_indices(len(both), 1)]
    return {"a": matrix(a), "b": matrix(b), "bandwidth": bandwidth, "mmd2": float(mmd2), "medianDistance": float(np.median(pairs))}


def bisecting_case():
    own = np.random.RandomState(17)
    bits = (np.arange(160)[:, None] % 8 >> np.array([2, 1, 0])) & 1
    x = rounded(bits * np.array([40, 10, 3]) + own.normal(size=(160, 3)) * 0.4)
    levels = [BisectingKMeans(k, n_init=5, random_state=1).fit(x) for k in (2, 3, 4, 6, 8)]
    return {"x": matrix(x), "levels": [{"clusters": m.n_clusters, "inertia": float(m.inertia_), "labels": m.labels_.tolist()} for m in levels]}


x, _ = blobs(90, 4, 3, 1.2)
labelings = [np.arange(90) % 3, rng.randint(0, 5, 90), np.where(np.arange(90) == 7, 9, np.arange(90) % 2 - 1)]
result = {
    "made": f"src/engine/reference/make.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, scipy {scipy.__version__}",
    "kmeans": [kmeans_case(120, 3, 4, 1.5), kmeans_case(150, 8, 5, 2.5), kmeans_case(60, 2, 4, 1.0, far=True)],
    "silhouette": {"x": matrix(x), "labelings": [silhouette_case(x, labels) for labels in labelings]},
    "pca": [pca_case(80, 6, 4), pca_case(12, 20, 5)],
    "knn": knn_case(70, 5, 6),
    "ari": ari_cases(),
    "trustworthiness": trust_case(),
    "dbscan": dbscan_cases(),
    "hierarchy": [hierarchy_case(80, 6, 5, 1.0, "ward"), hierarchy_case(75, 4, 6, 1.5, "average")],
    "quality": quality_cases(),
    "agreement": agreement_cases(),
    "assignment": assignment_cases(),
    "logFactorial": log_factorial_cases(),
    "hypergeometric": hypergeometric_cases(),
    "jensenShannon": jensen_shannon_cases(),
    "mmd": mmd_case(),
    "bisecting": bisecting_case(),
}
Path(__file__).with_name("sklearn.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
