"""scikit-learn on the cases of the benchmark, for `npm run bench`.

peers.py versions             prints what is installed
peers.py CASE FILE COLS       runs a case once on rows of COLS float32 and prints {"wall", "cpu", "answer"}, seconds

Imports, reading and a small warm-up run are not timed.
"""

import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import DBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.cluster import KMeans, ward_tree
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")


def lloyd20(x):
    return KMeans(20, init=x[:20].copy(), n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(x).inertia_


def converge(x):
    return KMeans(20, init="k-means++", n_init=1, max_iter=300, tol=1e-4, algorithm="lloyd", random_state=1).fit(x).inertia_


def knn(x):
    return NearestNeighbors(n_neighbors=15, algorithm="brute").fit(x).kneighbors(x)[0].sum()


def silhouette(x):
    return silhouette_score(x, np.argmax(x[:, :20], axis=1))


def dbscan(x):
    model = DBSCAN(eps=0.986813, min_samples=15, algorithm="brute").fit(x)
    return model.labels_.max() + 1 + (model.labels_ >= 0).sum() + len(model.core_sample_indices_)


def pca(x):
    model = PCA(64, svd_solver="randomized", random_state=1)
    model.fit_transform(x)
    return model.explained_variance_ratio_.sum()


def ward(x):
    return ward_tree(x, return_distance=True)[-1].sum()


CASES = {
    "lloyd20": lloyd20,
    "converge": converge,
    "knn": knn,
    "silhouette": silhouette,
    "dbscan": dbscan,
    "pca": pca,
    "ward": ward,
}


def main(name, *rest):
    if name == "versions":
        print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}")
        return
    file, cols = rest
    x = np.fromfile(file, dtype=np.float32).reshape(-1, int(cols))
    case = CASES[name]
    case(x[:500])
    wall, cpu = time.perf_counter(), time.process_time()
    answer = case(x)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"wall": wall, "cpu": cpu, "answer": float(answer)}))


main(*sys.argv[1:])
