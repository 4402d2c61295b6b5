"""Writes scipy-spearman.json: rank correlations by scipy, for spearman.test.ts. Run: python3 scipy-spearman.py > scipy-spearman.json"""
import json

import numpy as np
import scipy
from scipy.stats import spearmanr

rng = np.random.default_rng(11)
x = rng.normal(size=60).round(3)
lists = {
    "independent": (x, rng.normal(size=60).round(3)),
    "near": (x, (x + 0.2 * rng.normal(size=60)).round(3)),
    "many ties": (rng.integers(0, 5, 60), rng.integers(0, 3, 60)),
    "ties in one": (x, rng.integers(0, 4, 60)),
    "reversed": (x, -x),
    "two values": (np.array([1, 2]), np.array([5, 3])),
}
cases = [
    {"name": name, "a": a.tolist(), "b": b.tolist(), "rho": float(spearmanr(a, b).correlation)} for name, (a, b) in lists.items()
]
print(json.dumps({"scipy": scipy.__version__, "cases": cases}))
