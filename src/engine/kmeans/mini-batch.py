"""Reference inertia of mini-batch k-means for the tests, from scikit-learn. Writes mini-batch.json beside this file.

Run: python3 src/engine/kmeans/mini-batch.py && npx biome format --write src/engine/kmeans
(the stored file names the versions that it was made with)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans

rng = np.random.RandomState(20241201)
K, BATCH, SEEDS = 8, 100, 20

# Groups of unequal size that overlap: a poor start or a lost centre shows in the inertia.
sizes = np.array([300, 200, 150, 120, 100, 60, 40, 30])
centres = rng.normal(size=(K, 4)) * 2
x = np.concatenate([c + rng.normal(size=(n, 4)) * 0.8 for c, n in zip(centres, sizes)])
x = np.float64(np.float32(np.round(x[rng.permutation(len(x))], 2)))


def mini(seed):
    return MiniBatchKMeans(K, batch_size=BATCH, n_init=3, max_iter=100, random_state=seed).fit(x).inertia_


result = {
    "made": f"src/engine/kmeans/mini-batch.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "k": K,
    "batchSize": BATCH,
    "x": {"rows": len(x), "cols": 4, "data": [float(v) for v in np.round(x, 2).ravel()]},
    "inertia": [round(mini(seed), 3) for seed in range(SEEDS)],
    "fullInertia": round(min(KMeans(K, n_init=20, random_state=seed).fit(x).inertia_ for seed in range(3)), 3),
}
Path(__file__).with_name("mini-batch.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(np.mean(result["inertia"]), np.max(result["inertia"]), result["fullInertia"])
