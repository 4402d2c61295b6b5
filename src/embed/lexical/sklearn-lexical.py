"""Reference results for lexical.test.ts, from scikit-learn. Writes sklearn-lexical.json beside this file.

Run: /usr/bin/python3 src/embed/lexical/sklearn-lexical.py && npx biome format --write src/embed
(Debian's package python3-sklearn; the stored file names the version)

Cosines of titles by TF-IDF of their words and of the 3- and 4-grams of letters in each word with its ends, each to unit length, half
and half. Words have three letters or more and are no stop words, so that both sides cut alike.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

colours = ["red", "blue", "white", "green"]
things = ["ceramic mug", "garden hose", "garden lantern", "wool blanket", "cake tin", "ceramic teapot", "cakes stand"]
texts = [f"{colour} {thing}" for colour, thing in product(colours, things)]
texts += ["red red wool", "mug", "mugs", "gardening gloves", "blanket wool red"]


def vectors(corpus, **options):
    return TfidfVectorizer(norm="l2", smooth_idf=True, **options).fit(corpus).transform(texts).toarray()


def cosines(use_idf):
    words = vectors(texts, token_pattern=r"[a-z]+", use_idf=use_idf)
    grams = vectors(texts, analyzer="char_wb", ngram_range=(3, 4), use_idf=use_idf)
    return 0.5 * words @ words.T + 0.5 * grams @ grams.T


rows, cols = np.triu_indices(len(texts), 1)
stored = {
    "made with": f"scikit-learn {sklearn.__version__}",
    "texts": texts,
    "with idf": [round(float(v), 5) for v in cosines(True)[rows, cols]],
    "without idf": [round(float(v), 5) for v in cosines(False)[rows, cols]],
}
(Path(__file__).parent / "sklearn-lexical.json").write_text(json.dumps(stored))
