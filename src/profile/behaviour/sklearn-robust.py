"""What RobustScaler of scikit-learn 1.2.1 makes of some columns, for behaviour.test.ts. Writes sklearn-robust.json beside this file.

Run: /usr/bin/python3 src/profile/behaviour/sklearn-robust.py && npx biome format --write src/profile
"""

import json
from pathlib import Path

import numpy as np
from sklearn.preprocessing import RobustScaler

rng = np.random.default_rng(4)
n = 41
columns = [
    rng.normal(size=n),
    np.log1p(rng.poisson(6, size=n)),
    rng.exponential(50, size=n),
    np.where(rng.random(n) < 0.3, np.nan, rng.normal(10, 3, size=n)),
    np.where(np.arange(n) == 7, 1e6, rng.random(n)),
]
x = np.array(columns).T
scaler = RobustScaler().fit(x)


def plain(a):
    return [[None if np.isnan(v) else float(v) for v in row] for row in a]


with open(Path(__file__).with_suffix(".json"), "w") as file:
    json.dump(
        {
            "values": plain(x.T),
            "centre": scaler.center_.tolist(),
            "scale": scaler.scale_.tolist(),
            "transformed": plain(scaler.transform(x).T),
        },
        file,
    )
    file.write("\n")
