"""The other side of MilSpeed: a training step of ABMIL and CLAM-SB in PyTorch, as the reference's and CLAM's
programs do it (one bag a step, Adam 2e-4 with L2 1e-4), on bags of the same sizes.

usage: python benchmarks/python/mil_speed.py abmil|clam-sb TILES DIMENSION BAGS EPOCHS THREADS
"""
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

HIDDEN, SAMPLES, CLASSES = 512, 8, 2


class Abmil(nn.Module):
    def __init__(self, dimension):
        super().__init__()
        self.feature = nn.Sequential(nn.Linear(dimension, HIDDEN), nn.ReLU(), nn.Dropout(0.25))
        self.attention = nn.Sequential(nn.Linear(HIDDEN, 128), nn.Tanh(), nn.Linear(128, 1))
        self.classifier = nn.Linear(HIDDEN, CLASSES)

    def loss(self, x, label):
        h = self.feature(x)
        weights = torch.softmax(self.attention(h).T, 1)
        return F.cross_entropy(self.classifier(weights @ h), label)


class ClamSb(nn.Module):
    def __init__(self, dimension):
        super().__init__()
        self.feature = nn.Sequential(nn.Linear(dimension, HIDDEN), nn.ReLU(), nn.Dropout(0.25))
        self.a = nn.Sequential(nn.Linear(HIDDEN, 256), nn.Tanh(), nn.Dropout(0.25))
        self.b = nn.Sequential(nn.Linear(HIDDEN, 256), nn.Sigmoid(), nn.Dropout(0.25))
        self.c = nn.Linear(256, 1)
        self.classifier = nn.Linear(HIDDEN, CLASSES)
        self.instances = nn.ModuleList(nn.Linear(HIDDEN, 2) for _ in range(CLASSES))

    def loss(self, x, label):
        h = self.feature(x)
        weights = torch.softmax(self.c(self.a(h) * self.b(h)).T, 1)
        top = torch.topk(weights[0], SAMPLES).indices
        bottom = torch.topk(-weights[0], SAMPLES).indices
        kind = torch.cat([torch.ones(SAMPLES, dtype=torch.long), torch.zeros(SAMPLES, dtype=torch.long)])
        instance = F.cross_entropy(self.instances[int(label)](torch.cat([h[top], h[bottom]])), kind)
        return 0.7 * F.cross_entropy(self.classifier(weights @ h), label) + 0.3 * instance


head, tiles, dimension, bags, epochs, threads = sys.argv[1], *map(int, sys.argv[2:])
torch.set_num_threads(threads)
torch.manual_seed(0)
net = {"abmil": Abmil, "clam-sb": ClamSb}[head](dimension)
adam = torch.optim.Adam(net.parameters(), lr=2e-4, weight_decay=1e-4)
data = [(torch.rand(tiles, dimension) * 2 - 1, torch.tensor([b % CLASSES])) for b in range(bags)]
seconds = []
for epoch in range(epochs):
    start = time.perf_counter()
    for x, label in data:
        adam.zero_grad()
        loss = net.loss(x, label)
        loss.backward()
        adam.step()
        loss.item()
    seconds.append((time.perf_counter() - start) / bags)
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
print(f"{head}, {tiles} tiles of {dimension}: {statistics.median(seconds[1:]):.4f} s a step, peak {peak} MB"
      f" (torch {torch.__version__}, {threads} threads)")
