"""BLEU, METEOR and ROUGE-L of short report texts by the usual Python tools, to hold ours against.

    python text_metrics.py > text-python.json

The texts are made up here: findings put together from phrases, and versions of them with words
dropped, swapped, inflected or exchanged. Needs nltk, rouge-score and pycocoevalcap (whose METEOR 1.5
needs Java). NLTK's METEOR runs without WordNet, that is without synonyms.
"""
import json
import random

import nltk
from nltk.translate.bleu_score import corpus_bleu
from nltk.translate.meteor_score import single_meteor_score
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge

PHRASES = [
    "the specimen shows {a} {t} of the {o}", "{a} {t} infiltrates the surrounding {o} tissue",
    "tumor cells form {p} with {n} nuclei", "no lymphovascular invasion is identified",
    "the resection margins are {m} of tumor", "mitotic figures are {f}", "necrosis is {f}",
    "the largest dimension is {d} centimeters", "lymph nodes are {m} of metastasis",
    "sections of the {o} show {p} lined by atypical cells",
]
WORDS = dict(a=["invasive", "poorly differentiated", "moderately differentiated"], t=["carcinoma", "adenocarcinoma"],
             o=["breast", "lung", "kidney", "colon"], p=["glands", "nests", "papillae"], n=["pleomorphic", "round"],
             m=["free", "negative"], f=["frequent", "rare", "absent"], d=["two", "three", "five"])
CHANGES = {"shows": "showing", "infiltrates": "infiltrating", "glands": "gland", "cells": "cell", "invasion": "invasive",
           "margins": "margin", "nodes": "node", "tumor": "neoplasm", "identified": "seen"}


class NoSynonyms:
    def synsets(self, _):
        return []


def texts(rng):
    for _ in range(60):
        true = " ".join(p.format(**{k: rng.choice(v) for k, v in WORDS.items()})
                        for p in rng.sample(PHRASES, rng.randint(1, 4)))
        words = true.split()
        written = [CHANGES.get(w, w) if rng.random() < 0.5 else w for w in words if rng.random() > 0.1]
        if rng.random() < 0.5 and len(written) > 4:
            at = rng.randrange(2, len(written) - 1)
            written = written[at:] + written[:at]
        if len(written) >= 4:  # NLTK's BLEU counts one n-gram in texts that have none
            yield true, " ".join(written)


def main():
    pairs = list(texts(random.Random(7)))
    truth, written = [t for t, _ in pairs], [w for _, w in pairs]
    gts, res = {i: [t] for i, t in enumerate(truth)}, {i: [w] for i, w in enumerate(written)}
    lists = [[t.split()] for t in truth], [w.split() for w in written]
    cider = Cider().compute_score(gts, res)
    meteor = [single_meteor_score(t.split(), w.split(), wordnet=NoSynonyms()) for t, w in pairs]
    print(json.dumps(dict(
        made_by=f"benchmarks/python/text_metrics.py, nltk {nltk.__version__}, pycocoevalcap 1.2",
        references=truth, candidates=written,
        nltk_bleu=[corpus_bleu(*lists, weights=[1 / n] * n) for n in range(1, 5)],
        coco_bleu=[float(b) for b in Bleu(4).compute_score(gts, res, verbose=0)[0]],
        coco_rouge_l=float(Rouge().compute_score(gts, res)[0]),
        nltk_meteor=meteor, nltk_meteor_mean=sum(meteor) / len(meteor),
        coco_meteor=Meteor().compute_score(gts, res)[0],
        coco_cider=float(cider[0]), coco_cider_each=[float(c) for c in cider[1]]), indent=1))


main()
