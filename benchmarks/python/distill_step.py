"""A training step of the same mathematics as DistillStepSpeed: batch prototypes steps threads."""

import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

batch, prototypes, steps, threads = (int(a) for a in sys.argv[1:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
WIDTH, DEPTH, HEADS, PATCH = 384, 12, 6, 14
EXPERTS = {"uni": (1024, 1.0, 0.25), "phikon": (768, 0.5, 0.125), "conch": (512, 1.0, 0.0)}


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-6), nn.LayerNorm(WIDTH, 1e-6)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.ls1, self.ls2 = (nn.Parameter(torch.full((WIDTH,), 1e-5)) for _ in range(2))

    def forward(self, x):
        b, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, WIDTH)
        x = x + self.proj(a) * self.ls1
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x)))) * self.ls2


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.cls, self.mask = nn.Parameter(torch.zeros(1, 1, WIDTH)), nn.Parameter(torch.zeros(1, WIDTH))
        self.pos = nn.Parameter(torch.randn(1, 257, WIDTH) * 0.02)
        self.blocks, self.norm = nn.ModuleList(Block() for _ in range(DEPTH)), nn.LayerNorm(WIDTH, 1e-6)

    def positions(self, rows):
        if rows == 16:
            return self.pos
        grid = self.pos[:, 1:].reshape(1, 16, 16, WIDTH).permute(0, 3, 1, 2)
        scale = (rows + 0.1) / 16
        grid = F.interpolate(grid, scale_factor=(scale, scale), mode="bicubic")
        return torch.cat([self.pos[:, :1], grid.permute(0, 2, 3, 1).reshape(1, rows * rows, WIDTH)], 1)

    def forward(self, x, masks=None):
        rows = x.shape[-1] // PATCH
        x = self.patch(x).flatten(2).transpose(1, 2)
        if masks is not None:
            x = torch.where(masks[..., None], self.mask[None], x)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.positions(rows)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Head(nn.Module):
    def __init__(self, out, layers, hidden, bottleneck):
        super().__init__()
        sizes = [WIDTH] + [hidden] * (layers - 1) + [bottleneck]
        parts = [m for i in range(layers) for m in (nn.Linear(sizes[i], sizes[i + 1]), nn.GELU())][:-1]
        self.mlp = nn.Sequential(*parts)
        self.last = nn.utils.parametrizations.weight_norm(nn.Linear(bottleneck, out, bias=False))

    def forward(self, x):
        return self.last(F.normalize(self.mlp(x), dim=-1))


student = nn.ModuleDict({"backbone": Backbone(), "head": Head(prototypes, 3, 2048, 256)})
teacher = nn.ModuleDict({"backbone": Backbone(), "head": Head(prototypes, 3, 2048, 256)})
teacher.load_state_dict(student.state_dict())
heads = nn.ModuleDict({k: Head(v[0], 1, 0, 256) for k, v in EXPERTS.items()})
parameters = list(student.parameters()) + list(heads.parameters())
optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.04, fused=True)
crops, local = torch.randn(2 * batch, 3, 224, 224), torch.randn(8 * batch, 3, 98, 98)
masks = torch.zeros(2 * batch, 256, dtype=torch.bool)
for i in range(batch):
    masks[i, : int(256 * (0.1 + 0.4 * (i + 0.5) / batch))] = True
index = masks.flatten().nonzero().flatten()
weight = (1 / masks.sum(-1).clamp(min=1.0))[:, None].expand_as(masks)[masks]
expert = {k: (torch.randn(2 * batch, 1, v[0]), torch.randn(2 * batch, 196, v[0])) for k, v in EXPERTS.items()}
centres = [torch.zeros(1, prototypes), torch.zeros(1, prototypes)]


def pairs(s, t):
    return -(t.sum(0) * F.log_softmax(s / 0.1, -1).sum(0)).sum() / s.shape[1]


def koleo(x):
    x = F.normalize(x, eps=1e-8)
    dots = (x @ x.t()).detach().fill_diagonal_(-1)
    return -torch.log(F.pairwise_distance(x, x[dots.argmax(1)], 2, 1e-8) + 1e-8).mean()


def cosine(a, b):
    return 1 - F.cosine_similarity(a, b, dim=-1).mean()


@torch.no_grad()
def targets():
    t = teacher["backbone"](crops)
    cls = torch.cat(t[:, 0].chunk(2)[::-1])
    logits = teacher["head"](torch.cat([cls, t[:, 1:].flatten(0, 1)[index]]))
    c, p = logits[: 2 * batch], logits[2 * batch :]
    tc, tp = F.softmax((c - centres[0]) / 0.05, -1), F.softmax((p - centres[1]) / 0.05, -1)
    centres[0], centres[1] = centres[0] * 0.9 + c.mean(0) * 0.1, centres[1] * 0.9 + p.mean(0) * 0.1
    return tc, tp


def objective(tc, tp):
    g, l = student["backbone"](crops, masks), student["backbone"](local)
    out = student["head"](torch.cat([l[:, 0], g[:, 0], g[:, 1:].flatten(0, 1)[index]]))
    sl, sg, sp = out[: 8 * batch], out[8 * batch : 10 * batch], out[10 * batch :]
    loss = pairs(sl.view(8, batch, -1), tc.view(2, batch, -1)) / 18 + pairs(sg[None], tc[None]) * 2 / 18
    loss = loss + 0.1 * sum(koleo(x) for x in g[:, 0].chunk(2))
    loss = loss - ((tp * F.log_softmax(sp / 0.1, -1)).sum(-1) * weight).sum() / (2 * batch)
    for k, (dim, wc, wp) in EXPERTS.items():
        loss = loss + wc * cosine(heads[k](g[:, :1]), expert[k][0])
        if wp > 0:
            grid = expert[k][1].permute(0, 2, 1).view(2 * batch, dim, 14, 14)
            grid = F.interpolate(grid, size=(16, 16), mode="bicubic").flatten(2).permute(0, 2, 1)
            token = heads[k](g[:, 1:])
            loss = loss + wp * (0.9 * cosine(token, grid) + 0.1 * F.smooth_l1_loss(token, grid))
    return loss


def step():
    loss = objective(*targets())
    loss.backward()
    for m in student.values():
        torch.nn.utils.clip_grad_norm_(m.parameters(), 3.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    with torch.no_grad():
        tp_, sp_ = list(teacher.parameters()), list(student.parameters())
        torch._foreach_mul_(tp_, 0.992)
        torch._foreach_add_(tp_, sp_, alpha=0.008)
    return loss.item()


print(f"{len(index)} masked patches, PyTorch {torch.__version__}")
step()
for i in range(steps):
    start = time.time()
    value = step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"step {i}: {time.time() - start:.3f} s, objective {value:.4f}, peak {peak} MB")
