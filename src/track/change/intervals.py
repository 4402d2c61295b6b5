"""Reference results for the tests of this folder, from scipy and numpy. Writes intervals.json beside this file.

Run: /usr/bin/python3 src/track/change/intervals.py && npx biome format --write src/track/change
(Debian's packages python3-scipy and python3-numpy; the stored file names the versions)

Shares: Wilson limits by scipy.stats.binomtest, joined by the correlation of the two shares, which is taken here from one
influence a user. Content: the mean cosine of two different members from the whole table of products; standard errors and the bias of the shift by
leaving one user out at a time (jackknife), which needs none of the formulas under test.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import binomtest, norm

Z = norm.ppf(0.975)
rng = np.random.RandomState(20240801)


def shares(before, after, old, fresh):
    """Users as four sets; returns the counts and the expected figures."""
    users = sorted(before | after)
    s, t = len(old) / len(before), len(fresh) / len(after)
    a = np.array([((u in old) - s) / len(before) if u in before else 0.0 for u in users])
    b = np.array([((u in fresh) - t) / len(after) if u in after else 0.0 for u in users])
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    r = float(a @ b / norms) if norms > 0 else 0.0
    w1 = binomtest(len(old), len(before)).proportion_ci(0.95, "wilson")
    w2 = binomtest(len(fresh), len(after)).proportion_ci(0.95, "wilson")
    d = t - s
    lo1, hi1, lo2, hi2 = w1.low, w1.high, w2.low, w2.high
    low = d - np.sqrt((t - lo2) ** 2 - 2 * r * (t - lo2) * (hi1 - s) + (hi1 - s) ** 2)
    high = d + np.sqrt((s - lo1) ** 2 - 2 * r * (s - lo1) * (hi2 - t) + (hi2 - t) ** 2)
    error = np.linalg.norm(b - a)
    return {
        "users": [len(before), len(after)],
        "commonUsers": len(before & after),
        "members": [len(old), len(fresh)],
        "commonMembers": len(old & fresh),
        "oldPresent": len(old & after),
        "freshPresent": len(fresh & before),
        "expected": {"amount": d, "low": float(low), "high": float(high), "strength": float(d / error) if error > 0 else 0.0},
    }


def population(n, present, p, q):
    before = {u for u in range(n) if rng.uniform() < present}
    after = {u for u in range(n) if rng.uniform() < present}
    dice = rng.uniform(size=n)
    return before, after, {u for u in before if dice[u] < p}, {u for u in after if dice[u] < q}


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def compact(x):
    n = len(x)
    table = x @ x.T
    return np.sqrt(max(0.0, (table.sum() - np.trace(table)) / (n * (n - 1))))


def shift(x, y):
    a, b = x.mean(axis=0), y.mean(axis=0)
    return 1 - a @ b / (np.linalg.norm(a) * np.linalg.norm(b))


def content(old, fresh, dims, moved, spread):
    """old, fresh: users of the segment; each user has a part that stays."""
    traits = rng.normal(size=(1 + max(old + fresh), dims))
    centre = np.zeros(dims)
    centre[0] = 1
    other = centre.copy()
    other[1] = moved
    rows = lambda users, c, s: np.round(unit(c + s * (traits[users] + rng.normal(size=(len(users), dims))) / np.sqrt(2 * dims)), 6)
    x, y = rows(old, centre, 0.7), rows(fresh, other, spread)
    union = sorted(set(old) | set(fresh))
    keep = lambda users, u: [i for i, v in enumerate(users) if v != u]
    left = [(x[keep(old, u)], y[keep(fresh, u)]) for u in union]
    n = len(union)
    jack = lambda f: np.array([f(a, b) for a, b in left])
    change = lambda a, b: compact(b) - compact(a)
    c, s = jack(change), jack(shift)
    return {
        "old": old,
        "fresh": fresh,
        "dims": dims,
        "x": [float(v) for v in x.ravel()],
        "y": [float(v) for v in y.ravel()],
        "expected": {
            "compactness": [float(compact(x)), float(compact(y))],
            "compactnessError": float(np.sqrt((n - 1) / n * ((c - c.mean()) ** 2).sum())),
            "plainShift": float(shift(x, y)),
            "shiftBias": float((n - 1) * (s.mean() - shift(x, y))),
        },
    }


paired = set(range(50))
zs = [0, 0.1, 0.5, 1, 1.959964, 2.9, 2.999999, 3, 3.5, 5, 8, 20]
result = {
    "normalTail": [[z, float(norm.sf(z))] for z in zs],
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "shares": [
        shares(*population(200, 0.8, 0.2, 0.3)),
        shares(*population(60, 0.5, 0.3, 0.25)),
        shares(*population(1000, 0.9, 0.05, 0.05)),
        # Wholly paired, wholly apart, nothing changed, everyone in the segment.
        shares(paired, paired, set(range(32)), set(range(20)) | {40, 41}),
        shares(set(range(30)), set(range(100, 140)), set(range(6)), set(range(100, 120))),
        shares(paired, paired, set(range(10)), set(range(10))),
        shares(paired, set(range(40, 80)), paired, set(range(40, 80))),
    ],
    "content": [
        content(list(range(0, 40)), list(range(10, 60)), 6, 0.4, 0.5),
        content(list(range(0, 30)), list(range(0, 30)), 4, 0.0, 0.7),
        content(list(range(0, 25)), list(range(50, 90)), 8, 0.2, 0.9),
    ],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
