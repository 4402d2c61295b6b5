"""Reference results for the tests of this folder, from numpy, scipy, scikit-learn and html. Writes oracle.json beside this file.

Run: /usr/bin/python3 src/ingest/clean/oracle.py && npx biome format --write src/ingest/clean
(Debian's packages python3-numpy, python3-scipy and python3-sklearn; the stored file names the versions)

Scores of isolation forests are the mean over 20 seeds of scikit-learn's: one forest is compared with what forests agree on.
"""

import html
import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.ensemble import IsolationForest

rng = np.random.RandomState(20260101)


def column(values):
    x = np.array(values, dtype=float)
    q1, q2, q3 = (float(q) for q in np.quantile(x, [0.25, 0.5, 0.75]))
    reach = 1.5 * stats.iqr(x)
    with np.errstate(invalid="ignore"):
        z = np.abs(stats.zscore(x)) > 3
    return {
        "values": [float(v) for v in x],
        "mean": float(x.mean()),
        "standardDeviation": float(x.std()),
        "quartiles": [q1, q2, q3],
        "mode": float(stats.mode(x, keepdims=False).mode),
        "zScore": np.flatnonzero(z).tolist(),
        "iqr": np.flatnonzero((x < q1 - reach) | (x > q3 + reach)).tolist(),
    }


def forest(x):
    scores = [-IsolationForest(n_estimators=100, max_samples=256, random_state=s).fit(x).score_samples(x) for s in range(20)]
    return {"rows": x.tolist(), "scores": np.round(np.mean(scores, axis=0), 6).tolist()}


skewed = np.round(rng.lognormal(2, 1, 300), 2)
planted = np.concatenate([np.round(rng.normal(10, 2, 200), 2), [95, -80, 60.5]])
blob = np.round(np.concatenate([rng.normal(0, 1, (380, 2)), rng.uniform(5, 9, (20, 2)) * rng.choice([-1, 1], (20, 2))]), 3)
repeated = np.concatenate([rng.choice([1.0, 2.0, 3.0, 6.0, 12.0], (280, 1)), [[4800.0], [3000.0], [-960.0]]])

NAMES = [name[:-1] for name in html.entities.html5 if name.endswith(";")]
LATIN = sorted(name for name in NAMES if 0xA0 <= html.entities.name2codepoint.get(name, 0) <= 0xFF)
COMMON = (
    "quot amp lt gt apos OElig oelig Scaron scaron Yuml ensp emsp thinsp zwnj zwj ndash mdash lsquo rsquo sbquo ldquo rdquo "
    "bdquo dagger Dagger bull hellip permil prime lsaquo rsaquo euro trade larr uarr rarr darr hearts minus ne le ge"
)
NUMBERS = ["&#39;", "&#x27;", "&#X1F600;", "&#0;", "&#128;", "&#x99;", "&#xD800;", "&#1114112;"]
NUMBERS += ["&amp;lt;", "&amp;amp;", "AT&T", "a&b;", "& &", "&;"]
ENTITIES = [f"&{name};" for name in LATIN + COMMON.split()] + NUMBERS

out = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
    "columns": [
        column([5]),
        column([1, 2]),
        column([4, 4, 4, 4]),
        column([3, 1, 2, 3, 1]),
        column(np.arange(-3, 8)),
        column(skewed),
        column(planted),
    ],
    "forests": [forest(blob), forest(repeated)],
    "entities": [[e, html.unescape(e)] for e in ENTITIES],
}
Path(__file__).with_name("oracle.json").write_text(json.dumps(out, ensure_ascii=False))
