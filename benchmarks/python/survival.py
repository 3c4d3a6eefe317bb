"""C-indices of survival heads on small cohorts, to hold ours against (SurvivalTrainingParityTest).

    python survival.py ../shared/data/survival > survival-python.json

Every subject is a bag of one instance: its covariates, standardised by the training rows. Row i of
the complete rows (0-based) is a test row if i % 5 = 0, a validation row if i % 5 = 1, else a training
row. The network is attention pooling (Linear-ReLU-Dropout, Linear-Tanh-Linear, Linear), trained by
Adam with the L2 penalty in the gradient on cases drawn with replacement with weight 1 / size of
(bin, censorship); bins are the quartiles of the training rows' event times. "nll": discrete hazards,
alpha 0, one case a step; "cox": partial likelihood of 16 cases a step. The epoch with the highest
validation C-index is kept, a later equal one counts as better. "lifelines": an unpenalised Cox
regression on the training rows, for comparison. Needs torch, lifelines, pandas.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from lifelines import CoxPHFitter

COHORTS = [
    dict(file="gbsg2.csv", epochs=10, time="time", event="cens",
         covariates=["age", "tsize", "pnodes", "progrec", "estrec"]),
    dict(file="lung.csv", epochs=40, time="time", event="status",
         covariates=["age", "sex", "ph.ecog", "ph.karno"]),
    dict(file="lymph_node.csv", epochs=10, time="survtime", event="censdead",
         covariates=["age", "size", "grade", "nodes"]),
]
SETTINGS = dict(hidden=32, attention=32, dropout=0.25, learning_rate=0.002, weight_decay=0.0001,
                cases_per_step=16)
SEEDS = [1, 2, 3, 4, 5]


def concordance(time, event, risk):
    pairs = good = 0.0
    for i in np.flatnonzero(event):
        later = (time > time[i]) | ((time == time[i]) & ~event)
        difference = risk[i] - risk[later]
        pairs += later.sum()
        good += (difference > 1e-8).sum() + 0.5 * (np.abs(difference) <= 1e-8).sum()
    return good / pairs


class Network(torch.nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        s = SETTINGS
        self.feature = torch.nn.Sequential(
            torch.nn.Linear(inputs, s["hidden"]), torch.nn.ReLU(), torch.nn.Dropout(s["dropout"]))
        self.attention = torch.nn.Sequential(
            torch.nn.Linear(s["hidden"], s["attention"]), torch.nn.Tanh(), torch.nn.Linear(s["attention"], 1))
        self.classifier = torch.nn.Linear(s["hidden"], outputs)

    def forward(self, bag):
        h = self.feature(bag)
        return self.classifier(torch.softmax(self.attention(h).T, -1) @ h)


def nll(logits, label, censored):
    h = torch.sigmoid(logits)[0]
    s = torch.cat([torch.ones(1), torch.cumprod(1 - h, 0)])
    log = lambda v: torch.log(v.clamp(min=1e-7))
    return -censored * log(s[label + 1]) - (1 - censored) * (log(s[label]) + log(h[label]))


def cox(theta, time, censored):
    at_risk = time[None] >= time[:, None]
    total = torch.logsumexp(theta[None].masked_fill(~at_risk, -torch.inf), 1)
    return -((theta - total) * (1 - censored)).mean()


def risk(model, x, kind):
    model.eval()
    with torch.no_grad():
        logits = torch.cat([model(row[None]) for row in x])
    model.train()
    if kind == "cox":
        return logits[:, 0].double().numpy()
    return -torch.cumprod(1 - torch.sigmoid(logits.double()), 1).sum(1).numpy()


def run(kind, x, time, event, sides, epochs, seed):
    train, val, test = sides
    edges = np.quantile(time[train][event[train]], [0, 0.25, 0.5, 0.75, 1])
    edges[0], edges[-1] = time[train].min() - 1e-6, time[train].max() + 1e-6
    label = np.clip(np.searchsorted(edges, time, side="right") - 1, 0, 3)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Network(x.shape[1], 1 if kind == "cox" else 4)
    adam = torch.optim.Adam(model.parameters(), lr=SETTINGS["learning_rate"],
                            weight_decay=SETTINGS["weight_decay"])
    groups = 2 * label[train] + ~event[train]
    weight = 1.0 / np.bincount(groups)[groups]
    t = torch.tensor(time, dtype=torch.float32)
    c = torch.tensor(~event, dtype=torch.float32)
    best = -1.0
    for _ in range(epochs):
        order = train[rng.choice(len(train), len(train), p=weight / weight.sum())]
        step = SETTINGS["cases_per_step"] if kind == "cox" else 1
        for at in range(0, len(order), step):
            rows = order[at:at + step]
            if kind == "cox":
                if not event[rows].any():
                    continue
                loss = cox(torch.cat([model(x[i][None]) for i in rows])[:, 0], t[rows], c[rows])
            else:
                loss = nll(model(x[rows[0]][None]), label[rows[0]], c[rows[0]])
            adam.zero_grad()
            loss.backward()
            adam.step()
        score = concordance(time[val], event[val], risk(model, x[val], kind))
        if score >= best:
            best = score
            figure = concordance(time[test], event[test], risk(model, x[test], kind))
    return round(float(figure), 6)


def main(folder):
    torch.set_num_threads(1)
    cohorts = []
    for cohort in COHORTS:
        file = Path(folder) / cohort["file"]
        table = pd.read_csv(file)[cohort["covariates"] + [cohort["time"], cohort["event"]]].dropna()
        rows = np.arange(len(table))
        sides = rows[rows % 5 > 1], rows[rows % 5 == 1], rows[rows % 5 == 0]
        x = table[cohort["covariates"]].to_numpy(np.float64)
        x = (x - x[sides[0]].mean(0)) / x[sides[0]].std(0, ddof=1)
        time, event = table[cohort["time"]].to_numpy(float), table[cohort["event"]].to_numpy() == 1
        frame = pd.DataFrame(x).assign(time=time, event=event)
        fitted = CoxPHFitter().fit(frame.iloc[sides[0]], "time", "event")
        linear = fitted.predict_partial_hazard(frame.iloc[sides[2]]).to_numpy()
        tensor = torch.tensor(x, dtype=torch.float32)
        cohorts.append(dict(
            cohort,
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            rows=len(table),
            test_c_index={kind: [run(kind, tensor, time, event, sides, cohort["epochs"], seed) for seed in SEEDS]
                          for kind in ("nll", "cox")},
            lifelines_test_c_index=round(float(concordance(time[sides[2]], event[sides[2]], linear)), 6)))
    print(json.dumps(dict(made_by="benchmarks/python/survival.py, PyTorch " + torch.__version__,
                          seeds=SEEDS, **SETTINGS, cohorts=cohorts), indent=2))


if __name__ == "__main__":
    main(sys.argv[1])
