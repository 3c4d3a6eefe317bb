"""PathoROB's figures by its authors' code, and ComBat by neuroCombat, for RobustnessParityTest.

Generated features of classes x centers, from features that follow the class to features that follow
the center. Needs a checkout of github.com/bifold-pathomics/PathoROB and neuroCombat.

usage: python benchmarks/python/pathorob.py PATH_OF_PATHOROB
"""
import contextlib
import gzip
import io
import json
import sys
import warnings
from functools import partial

import matplotlib

matplotlib.use("Agg")
import numpy as np
import pandas as pd
from neuroCombat import neuroCombat
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import LabelEncoder, Normalizer

sys.path.insert(0, sys.argv[1])
import pathorob.apd.train_model as train_model
from pathorob.apd.utils import compute_apd
from pathorob.clustering_score.utils import compute_clustering_score, compute_silhouette_score_K
from pathorob.robustness_index import robustness_index_utils as ri

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20250717)
OUT = "gpfm-eval/src/test/resources/io/github/gpfm/eval/robust/python-pathorob.json.gz"


def flat(a, digits=12):
    return [float(f"{float(v):.{digits}g}") for v in np.asarray(a, dtype=float).ravel()]


def tiles(i, classes, centers, slides, per_slide, d, separation=1.0):
    y, c, s = [], [], []
    for k in range(classes):
        for m in range(centers):
            for t in range(slides):
                y += [k] * per_slide
                c += [m] * per_slide
                s += [f"s{k}-{m}-{t}"] * per_slide
    y, c = np.array(y), np.array(c)
    share = (i % 5) / 4
    x = rng.normal(size=(len(y), d)) / separation
    x += (1 - share) * 2 * rng.normal(size=(classes, d))[y] + share * 2 * rng.normal(size=(centers, d))[c]
    return np.round(x, 2).astype(np.float32), y, c, np.array(s)


def robustness(i):
    classes, centers = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    x, y, c, s = tiles(i, classes, centers, int(rng.integers(1, 4)), int(rng.integers(1, 4)), 4)
    if len(y) < 8:
        return robustness(i)
    meta = pd.DataFrame({"biological_class": [f"b{v}" for v in y], "medical_center": [f"m{v}" for v in c],
                         "slide_id": s, "patch_index": np.arange(len(y))})
    most = 30
    z = Normalizer(norm="l2").fit_transform(x.astype(float))
    labels = LabelEncoder().fit_transform(meta.biological_class.values)
    ks = [k for k in [1, 3, 5, 7, 9] + list(range(11, most, 10)) if k <= len(y)]
    with contextlib.redirect_stdout(io.StringIO()):
        _, _, dist, nearest, _ = ri.evaluate_knn_accuracy(meta, "generated", z, z, labels, labels, ks[-1], 1)
        if nearest.shape[1] == 0:
            return robustness(i)
        ks = [k for k in ks if k <= nearest.shape[1]]
        accuracies = [float(ri.evaluate_knn_accuracy(meta, "generated", z, z, labels, labels, k, 1, dist, nearest)[0])
                      for k in ks]
        stats = ri.evaluate_embeddings("generated", meta, nearest)
        total = ri.aggregate_stats([stats], compute_bootstrapped_robustness_index=False)
    best = int(np.argmax(accuracies))
    index = [None if np.isnan(v) else float(v) for v in total["robustness_index"]]
    return {"x": flat(x), "y": y.tolist(), "c": c.tolist(), "s": s.tolist(), "classes": classes, "most": most,
            "index": index, "k": int(ks[best]), "accuracy": accuracies[best]}


def clustering(i):
    # Clear clusters: k-means finds them from any start, so that the figure does not hang on its random numbers.
    x, y, c, s = tiles(i, 2, 2, 2, 5, 6, separation=12.0)
    z = x.astype(float) / np.sqrt((x.astype(float) ** 2).sum(axis=1))[:, None]
    ks = np.arange(2, 7)
    with contextlib.redirect_stderr(io.StringIO()):
        silhouettes = compute_silhouette_score_K(z, ks, "cosine", 1337)
    k = int(ks[np.argmax(silhouettes)])
    scores = []
    for t in range(10):
        labels = KMeans(n_clusters=k, random_state=1337 + t, n_init=5, init="random").fit(z).labels_
        scores.append(compute_clustering_score(y, c, labels)[2])
    a, b = rng.integers(0, 3, 20), rng.integers(0, 1 + i % 4, 20)
    return {"x": flat(x), "y": y.tolist(), "c": c.tolist(), "k": k, "score": float(np.mean(scores)),
            "spread": float(np.ptp(scores)), "silhouette": float(np.max(silhouettes)),
            "a": a.tolist(), "b": b.tolist(), "rand": float(compute_clustering_score(a, a, b)[0])}


def drop(i):
    k = 2 + i % 2
    side = []
    means = rng.normal(size=(k, 3)) * 1.2
    for n in (24, 12, 24):
        y = rng.integers(0, k, n)
        y[:k] = np.arange(k)
        side.append((np.round(rng.normal(size=(n, 3)) + means[y], 2).astype(np.float32), y))
    (a, ya), (b, yb), (t, yt) = side
    sides = a.astype(float), ya, b.astype(float), yb, [t.astype(float)], [yt]
    train_model.LogisticRegression = LogisticRegression
    scores = train_model.train_logistic_regression(*sides)[2]
    # Their probes stop early (tolerance 1e-4), which at the smallest C decides what they call.
    train_model.LogisticRegression = partial(LogisticRegression, tol=1e-12, max_iter=1000000)
    _, c, converged = train_model.train_logistic_regression(*sides)
    table = np.round(rng.uniform(0.4, 1, size=(4, 5)), 3)
    return {"train": flat(a), "train_y": ya.tolist(), "val": flat(b), "val_y": yb.tolist(), "test": flat(t),
            "test_y": yt.tolist(), "classes": k, "c": float(c), "score": float(converged[0]), "as_is": float(scores[0]), "table": flat(table),
            "drops": flat(compute_apd(table))}


def combat(i):
    n, d = 12 + i % 5, 5
    batch = np.array([0] * (n // 2) + [1] * (n - n // 2)) if i % 2 else np.arange(n) % 3
    x = np.round(rng.normal(size=(n, d)) * (1 + batch[:, None]) + 1.5 * rng.normal(size=(3, d))[batch], 2).astype(np.float32)
    with contextlib.redirect_stdout(io.StringIO()):
        y = neuroCombat(dat=x.T.astype(float), covars=pd.DataFrame({"batch": batch}), batch_col="batch")["data"].T
    return {"x": flat(x), "d": d, "batch": batch.tolist(), "y": flat(y)}


out = {"robustness": [robustness(i) for i in range(200)], "clustering": [clustering(i) for i in range(40)],
       "drop": [drop(i) for i in range(60)], "combat": [combat(i) for i in range(60)]}
text = json.dumps(out, separators=(",", ":"))
with open(OUT, "wb") as f:
    f.write(gzip.compress(text.encode(), 9, mtime=0))
print({k: len(v) for k, v in out.items()}, len(text), "characters; spread of clusterings",
      max(v["spread"] for v in out["clustering"]))
