"""Figures of Python's libraries on random and edge cases, for MetricParityTest.

Writes gpfm-eval/src/test/resources/io/github/gpfm/eval/metric/python-metrics.json.gz:
scikit-learn (classification, probes), scipy (correlations), lifelines (survival curves, log-rank),
scikit-survival (Harrell's, Uno's C, time-dependent AUC, Brier, Cox with an elastic net, Breslow).
DeLong's test, Holm's correction and the calibration error are written out here from their papers.

usage: python benchmarks/python/metrics.py [cases]
"""
import gzip
import json
import math
import sys
import warnings

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from scipy import stats
from sklearn import metrics as sk
from sklearn.linear_model import LogisticRegression
from sksurv import metrics as sm
from sksurv.linear_model import CoxnetSurvivalAnalysis, CoxPHSurvivalAnalysis
from sksurv.util import Surv

warnings.filterwarnings("ignore")
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 220
rng = np.random.default_rng(20240728)
OUT = "gpfm-eval/src/test/resources/io/github/gpfm/eval/metric/python-metrics.json.gz"


def number(x):
    x = float(x)
    return None if math.isnan(x) else float(f"{x:.12g}")


def numbers(a):
    return [number(v) for v in np.asarray(a, dtype=float).ravel()]


def decimals(a):
    """Single-precision inputs as the decimals they were rounded to: read back to the same float."""
    return [round(float(v), 3) for v in np.asarray(a).ravel()]


def ece(p, y, bins=15):
    confidence, called = p.max(1), p.argmax(1)
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for lo, hi in zip(edges[:-1], edges[1:]):
        m = (confidence > lo) & (confidence <= hi)
        if m.any():
            total += m.mean() * abs((called[m] == y[m]).mean() - confidence[m].mean())
    return total


def classification(i):
    k = int(rng.integers(2, 6)) if i % 3 else 2
    n = int(rng.integers(6, 26))
    y = rng.integers(0, k, n)
    if i % 7 == 0:
        y[:] = np.where(y == k - 1, 0, y)  # a class that never occurs
    if len(set(y)) < 2:
        y[0], y[1] = 0, 1
    z = rng.normal(size=(n, k)) + (i % 4) * np.eye(k)[y]
    if i % 5 == 0:
        z = np.round(z)  # ties
    if i % 11 == 0:
        z = z * 30  # certain and wrong at times
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p = np.round(p, 4)
    p[:, 0] += 1 - p.sum(1)
    called = p.argmax(1)
    present = [c for c in range(k) if (y == c).any() and (y != c).any()]
    auc = np.mean([sk.roc_auc_score(y == c, p[:, c]) for c in present])
    ap = (
        sk.average_precision_score(y == 1, p[:, 1])
        if k == 2
        else np.mean([sk.average_precision_score(y == c, p[:, c]) for c in range(k) if (y == c).any()])
    )
    onehot = np.eye(k)[y]
    brier = ((p[:, 1] - (y == 1)) ** 2).mean() if k == 2 else ((p - onehot) ** 2).sum(1).mean()
    if k == 2:
        assert abs(brier - sk.brier_score_loss(y == 1, np.clip(p[:, 1], 0, 1))) < 1e-12
    labels = list(range(k))
    return {
        "p": numbers(p), "y": y.tolist(), "k": k,
        "accuracy": sk.accuracy_score(y, called),
        "balanced_accuracy": sk.recall_score(y, called, labels=sorted(set(y)), average="macro", zero_division=0),
        "f1_macro": sk.f1_score(y, called, average="macro", zero_division=0),
        "f1_weighted": sk.f1_score(y, called, average="weighted", zero_division=0),
        "kappa": number(sk.cohen_kappa_score(y, called, labels=labels)),
        "kappa_quadratic": number(sk.cohen_kappa_score(y, called, labels=labels, weights="quadratic")),
        "auc": auc, "auprc": ap, "brier": brier, "ece": ece(p, y),
    }


def delong(a, b, y):
    pos, neg = np.where(y == 1)[0], np.where(y == 0)[0]
    def components(s):
        psi = np.array([[1.0 if s[i] > s[j] else 0.5 if s[i] == s[j] else 0.0 for j in neg] for i in pos])
        return psi.mean(1), psi.mean(0), psi.mean()
    va, wa, ta = components(a)
    vb, wb, tb = components(b)
    s10, s01 = np.cov(np.array([va, vb])), np.cov(np.array([wa, wb]))
    s = s10 / len(pos) + s01 / len(neg)
    variance = s[0, 0] + s[1, 1] - 2 * s[0, 1]
    return ta, tb, variance, 2 * stats.norm.sf(abs(ta - tb) / math.sqrt(variance)) if variance > 1e-15 else None


def comparison(i):
    n = int(rng.integers(8, 26))
    y = rng.integers(0, 2, n)
    y[:4] = [0, 0, 1, 1]
    a, b = np.round(rng.normal(size=n) + y * (i % 3), 3), np.round(rng.normal(size=n) + y * (i % 2), 3)
    if i % 4 == 0:
        a, b = np.round(a), np.round(b)
    if i % 9 == 0:
        b = np.round(a + 0.01 * rng.normal(size=n), 4)
    ta, tb, variance, p = delong(a, b, y)
    raw = np.round(rng.uniform(size=int(rng.integers(1, 12))) ** 3, 4)
    order = np.argsort(raw, kind="stable")
    holm, running = np.zeros(len(raw)), 0.0
    for r, j in enumerate(order):
        running = max(running, min(1.0, (len(raw) - r) * raw[j]))
        holm[j] = running
    return {"a": numbers(a), "b": numbers(b), "y": y.tolist(), "auc_a": ta, "auc_b": tb, "variance": variance,
            "p": p, "raw": numbers(raw), "holm": numbers(holm)}


def regression(i):
    n = int(rng.integers(3, 30))
    y = rng.normal(size=n)
    x = 0.6 * y + rng.normal(size=n) * (i % 4) * 0.4 + 0.1
    y, x = (np.round(y), np.round(x)) if i % 3 == 0 else (np.round(y, 3), np.round(x, 3))
    if np.ptp(y) == 0:
        y[0] += 1
    return {"y": numbers(y), "x": numbers(x), "r2": sk.r2_score(y, x), "mae": sk.mean_absolute_error(y, x),
            "rmse": math.sqrt(sk.mean_squared_error(y, x)),
            "pearson": number(stats.pearsonr(y, x)[0]) if np.ptp(x) > 0 else None,
            "spearman": number(stats.spearmanr(y, x)[0]) if np.ptp(x) > 0 else None}


def outcomes(n, i):
    t = rng.exponential(10, n) + 0.1
    if i % 3 == 0:
        t = np.ceil(t)  # tied times
    t = np.round(t, 3)
    e = rng.uniform(size=n) < (0.3 if i % 4 == 0 else 0.7)
    return t, e


def survival(i):
    while True:
        n = int(rng.integers(12, 28))
        t, e = outcomes(n, i)
        tt, te = outcomes(n + 5, i)
        if e.sum() < 3 or te.sum() < 3:
            continue
        # scikit-survival wants reported times within the training ones
        t = np.minimum(t, tt.max() - 0.01)
        risk = np.round(-np.log(t) * (i % 3) + rng.normal(size=n), 1 if i % 5 == 0 else 4)
        if i % 13 == 0:
            risk[:] = 0.25
        lo, hi = np.quantile(t, [0.2, 0.8])
        grid = np.unique(np.round(np.linspace(lo, hi, 4), 3))
        grid = grid[(grid > t.min()) & (grid < t.max())]
        if len(grid) < 2:
            continue
        train, test = Surv.from_arrays(te, tt), Surv.from_arrays(e, t)
        tau = float(np.round(np.quantile(t, 0.7), 3))
        s = np.clip(np.exp(-np.outer(np.exp(rng.normal(size=n) * 0.4), grid / 12)), 0, 1).round(3)
        try:
            auc, mean_auc = sm.cumulative_dynamic_auc(train, test, risk, grid)
            ibs = sm.integrated_brier_score(train, test, s, grid)
            brier = sm.brier_score(train, test, s, grid)[1]
            uno = sm.concordance_index_ipcw(train, test, risk)[0]
            uno_tau = sm.concordance_index_ipcw(train, test, risk, tau=tau)[0]
            harrell = sm.concordance_index_censored(e, t, risk)[0]
        except ValueError:
            continue
        group = risk > np.median(risk)
        if group.all() or not group.any():
            p = None
        else:
            p = number(logrank_test(t[~group], t[group], e[~group], e[group]).p_value)
        km = KaplanMeierFitter().fit(t, e)
        return {"t": numbers(t), "c": (~e).tolist(), "tt": numbers(tt), "tc": (~te).tolist(), "risk": numbers(risk),
                "grid": numbers(grid), "s": numbers(s), "tau": tau, "harrell": number(harrell), "uno": number(uno),
                "uno_tau": number(uno_tau), "auc": numbers(auc), "mean_auc": number(mean_auc), "brier": numbers(brier),
                "ibs": number(ibs), "logrank_p": p,
                "km": numbers([km.predict(g) for g in grid]),
                "km_median": number(km.median_survival_time_) if math.isfinite(km.median_survival_time_) else None,
                "km_lower": numbers(km.confidence_interval_.loc[[km.survival_function_.index[km.survival_function_.index <= g][-1] for g in grid]].iloc[:, 0]),
                "km_upper": numbers(km.confidence_interval_.loc[[km.survival_function_.index[km.survival_function_.index <= g][-1] for g in grid]].iloc[:, 1])}


def coxnet(i):
    while True:
        n, d = int(rng.integers(15, 30)), int(rng.integers(2, 5))
        x = np.round(rng.normal(size=(n, d)), 2).astype(np.float32).astype(float)
        t, e = outcomes(n, i)
        t = np.round(t * np.exp(-0.5 * x[:, 0]) + 0.01, 3)
        if i % 3 == 0:
            t = np.ceil(t)
        if e.sum() < 5:
            continue
        l1 = [0.1, 0.5, 0.9, 1.0][i % 4]
        alphas = [0.3, 0.1, 0.03]
        y = Surv.from_arrays(e, t)
        try:
            model = CoxnetSurvivalAnalysis(l1_ratio=l1, alphas=alphas, tol=1e-14, max_iter=1000000).fit(x, y)
        except Exception:
            continue
        ph = CoxPHSurvivalAnalysis(alpha=1.0, ties="breslow", tol=1e-12).fit(x, y)
        base = ph.cum_baseline_hazard_
        return {"x": decimals(x), "d": d, "t": numbers(t), "c": (~e).tolist(), "l1": l1, "alphas": alphas,
                "coef": numbers(model.coef_.T), "ph": numbers(ph.coef_), "ph_risk": numbers(ph.predict(x)),
                "base_t": numbers(base.x), "base_h": numbers(base.y)}


def logistic(i):
    k = 2 if i % 2 else int(rng.integers(3, 5))
    n, d = int(rng.integers(12, 30)), int(rng.integers(1, 5))
    y = rng.integers(0, k, n)
    y[:k] = np.arange(k)
    x = np.round(rng.normal(size=(n, d)) + (i % 3) * 0.7 * rng.normal(size=(k, d))[y], 3).astype(np.float32)
    c = float([0.01, 0.3, 1.0, 20.0, 1000.0][i % 5])
    m = LogisticRegression(C=c, tol=1e-12, max_iter=200000).fit(x.astype(float), y)
    return {"x": decimals(x), "d": d, "y": y.tolist(), "k": k, "c": c, "p": numbers(m.predict_proba(x.astype(float)))}


def main():
    families = {"classification": classification, "comparison": comparison, "regression": regression,
                "survival": survival, "coxnet": coxnet, "logistic": logistic}
    out = {name: [make(i) for i in range(CASES)] for name, make in families.items()}
    text = json.dumps(out, separators=(",", ":"))
    with open(OUT, "wb") as f:
        f.write(gzip.compress(text.encode(), 9, mtime=0))
    print({k: len(v) for k, v in out.items()}, len(text), "characters")


main()
