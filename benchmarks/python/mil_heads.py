"""Runs the authors' programs of DTFD-MIL, PANTHER, HMIL, FOCUS and Shazam on small random weights and
writes what they give as safetensors: the fixtures of FurtherHeadsParityTest.

Each argument is a checkout of the authors' repository (hrzhang1123/DTFD-MIL, mahmoodlab/PANTHER,
ChengJin-git/HMIL, dddavid4real/FOCUS, Tuner12/Shazam). Their code is imported, not copied; what it
needs and these sizes do not (CUDA, CLIP, CONCH, argument parsing) is stubbed. Run with torch 2.x:

    python benchmarks/python/mil_heads.py DTFD PANTHER HMIL FOCUS SHAZAM OUT
"""

import ast
import importlib.util
import math
import pathlib
import sys
import types

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

DIM, CLASSES = 12, 3


def module(path, name, **stubs):
    """One file of a repository as a module."""
    for stub, value in stubs.items():
        sys.modules[stub.replace("__", ".")] = value
    spec = importlib.util.spec_from_file_location(name, path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def definitions(path, names, scope):
    """Chosen classes and functions of a file whose top level cannot be run."""
    tree = ast.parse(path.read_text())
    tree.body = [n for n in tree.body if getattr(n, "name", None) in names]
    exec(compile(tree, str(path), "exec"), scope)
    return types.SimpleNamespace(**{n: scope[n] for n in names})


def randomize(net, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.4)
    return net.eval()


def bag(tiles, seed, dim=DIM):
    return torch.randn(tiles, dim, generator=torch.Generator().manual_seed(seed))


def write(out, name, tensors, **facts):
    facts = {k: str(v) for k, v in facts.items()}
    facts["torch"] = torch.__version__
    facts["source"] = "benchmarks/python/mil_heads.py"
    kept = {k: v.detach().contiguous().clone() for k, v in tensors.items()}
    save_file(kept, str(out / f"{name}.safetensors"), metadata=facts)


def renamed(net, names):
    """State of a network by our names; pairs of (theirs, ours), as prefixes."""
    result = {}
    for key, value in net.state_dict().items():
        for theirs, ours in names:
            if key.startswith(theirs):
                result["param." + ours + key[len(theirs):]] = value
                break
        else:
            raise KeyError(key)
    return result


GATED = [("attention_V.0.", "attention_a.0."), ("attention_U.0.", "attention_b.0."), ("attention_weights.", "attention_c.")]


def dtfd(folder, out):
    sys.path.insert(0, str(folder))
    from Model.Attention import Attention_Gated, Attention_with_Classifier
    from Model.network import Classifier_1fc, DimReduction

    hidden, width, groups, tiles = 10, 6, 3, 11
    reduction = randomize(DimReduction(DIM, hidden), 1)
    attention = randomize(Attention_Gated(hidden, width), 2)
    classifier = randomize(Classifier_1fc(hidden, CLASSES), 3)
    second = randomize(Attention_with_Classifier(L=hidden, D=width, num_cls=CLASSES), 4)
    x = bag(tiles, 5)
    label = torch.tensor([2])
    # The authors shuffle and divide by array_split; taking every G-th gives parts of the same sizes.
    order = torch.randperm(tiles, generator=torch.Generator().manual_seed(6))
    features, first, shares = [], [], torch.zeros(tiles)
    for g in range(groups):
        index = order[g::groups]
        mid = reduction(x.index_select(0, index))
        weights = attention(mid).squeeze(0)
        pooled = torch.einsum("ns,n->ns", mid, weights).sum(0, keepdim=True)
        features.append(pooled)
        first.append(classifier(pooled))
        shares[index] = weights
    features, first = torch.cat(features), torch.cat(first)
    logits = second(features)
    tier = second.attention(features).squeeze(0)
    for g in range(groups):
        shares[order[g::groups]] *= tier[g]
    loss0 = F.cross_entropy(first, label.expand(groups))
    loss1 = F.cross_entropy(second(features.detach()), label)
    grads = torch.autograd.grad(loss0, reduction.fc1.weight)[0]
    tensors = renamed(reduction, [("fc1.", "reduction.")])
    tensors |= renamed(attention, [(t, "attention." + o) for t, o in GATED])
    tensors |= renamed(classifier, [("fc.", "classifier.")])
    tensors |= renamed(second, [("attention." + t, "second_attention." + o) for t, o in GATED]
                       + [("classifier.fc.", "second_classifier.")])
    tensors |= {"x": x, "order": order, "logits": logits, "first": first, "share": shares, "loss": loss0 + loss1,
                "reduction_gradient": grads}
    write(out, "dtfd", tensors, hidden=hidden, attention=width, pseudo_bags=groups, label=2)


def panther(folder, out):
    sys.path.insert(0, str(folder / "src"))
    # Their package wants more than its mixture needs.
    package = types.ModuleType("panther_pkg")
    package.__path__ = [str(folder / "src/mil_models/PANTHER")]
    sys.modules["panther_pkg"] = package
    sys.modules["utils"] = types.ModuleType("utils")
    files = types.ModuleType("utils.file_utils")
    files.load_pkl = None
    sys.modules["utils.file_utils"] = files
    layers = importlib.import_module("panther_pkg.layers")
    prototypes = 4
    base = layers.PANTHERBase(DIM, p=prototypes, L=1, tau=1.0, out="allcat", ot_eps=1.0, load_proto=False)
    centers = bag(prototypes, 1)
    base.priors.m.data = centers
    weight = bag(CLASSES, 2, prototypes * (1 + 2 * DIM)) * 0.2
    tensors = {"param.prototypes": centers, "param.classifier.weight": weight}
    for i, tiles in enumerate([1, 17]):
        x = bag(tiles, 10 + i) * 1.5
        representation, posterior = base(x.unsqueeze(0))
        tensors |= {f"bag{i}.features": x, f"bag{i}.representation": representation.squeeze(0),
                    f"bag{i}.posterior": posterior.squeeze(3).squeeze(0), f"bag{i}.logits": representation @ weight.T}
    write(out, "panther", tensors, prototypes=prototypes)


def hmil(folder, out):
    source = folder / "src"
    models = module(source / "models.py", "hmil_models")
    gated = models.GatedAttention
    # Their constructor fixes the widths, and names its attention's arguments otherwise than that does.
    net = models.HMIL.__new__(models.HMIL)
    nn.Module.__init__(net)
    hidden, narrow = 8, 2
    net.feature_extractor = nn.Sequential(nn.Linear(DIM, hidden), nn.ReLU(), nn.Linear(hidden, DIM))
    net.feature_reducer = nn.Sequential(nn.Linear(DIM, hidden))
    net.coarse_attention = nn.Sequential(gated(DIM, hidden, False, 2))
    net.fine_attention = nn.Sequential(gated(hidden, narrow, False, CLASSES))
    net.coarse_classifier = nn.Linear(DIM, 1)
    net.fine_classifier = nn.Linear(hidden, 1)
    randomize(net, 1)
    torch.Tensor.cuda = lambda self, *a, **k: self
    nn.Module.cuda = lambda self, *a, **k: self
    losses = module(source / "loss.py", "loss")
    scope = {"torch": torch, "F": F, "math": math, "SupConLoss": losses.SupConLoss, "Any": object,
             "List": list, "Tuple": tuple}
    utils = definitions(source / "utils.py", ["gen_mapping_dict"], {"Any": object, "Dict": dict})
    scope["gen_mapping_dict"] = utils.gen_mapping_dict
    functions = definitions(source / "trainer.py", ["compute_hierarchical_loss", "compute_attention_matching_loss",
                                                    "compute_temperature", "compute_contrastive_loss"], scope)
    cfg = types.SimpleNamespace(mapping="0:0, 1:1, 2:1", n_class=[2, CLASSES], num_epochs=200)
    epoch = 30
    fine_labels = [0, 2, 2, 1]
    tensors = renamed(net, [
        ("feature_extractor.0.", "feature_in."), ("feature_extractor.2.", "feature_out."),
        ("feature_reducer.0.", "reducer."), ("coarse_classifier.", "coarse_classifier."),
        ("fine_classifier.", "fine_classifier."),
    ] + [(f"{side}_attention.0.attention_{part}", f"{side}_attention.attention_{part}")
         for side in ("coarse", "fine") for part in "abc"])
    coarse_logits, fine_logits, maps, views = [], [], [[], []], []
    for i, tiles in enumerate([9, 5, 7, 4]):
        x = bag(tiles, 20 + i)
        attention, logits, vectors = net(x)
        coarse_logits.append(logits[0])
        fine_logits.append(logits[1])
        maps[0].append(attention[0])
        maps[1].append(attention[1])
        views.append(vectors)
        tensors |= {f"bag{i}.features": x, f"bag{i}.logits": logits[1], f"bag{i}.fine_attention": attention[1]}
    coarse_label = torch.tensor([[0, 1, 1][l] for l in fine_labels])
    fine_label = torch.tensor(fine_labels)
    coarse, fine, regular = functions.compute_hierarchical_loss(
        torch.cat(coarse_logits), torch.cat(fine_logits), coarse_label, fine_label, cfg)
    matching = functions.compute_attention_matching_loss(maps[0], maps[1], cfg)
    contrast, _ = functions.compute_contrastive_loss(torch.stack(views), fine_label, epoch, cfg)
    alpha = 1 - (epoch / cfg.num_epochs) ** 2
    total = alpha * coarse + fine + regular + (1 - alpha) * contrast
    tensors |= {"coarse": coarse, "fine": fine, "alignment": regular, "matching": matching, "contrast": contrast,
                "published_total": total, "label": fine_label}
    write(out, "hmil", tensors, hidden=hidden, done=epoch / cfg.num_epochs)


def focus(folder, out):
    for name in ("clip", "clip.simple_tokenizer", "conch", "conch.open_clip_custom", "focus_pkg", "focus_pkg.model_utils"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["clip.simple_tokenizer"].SimpleTokenizer = lambda: None
    for name in ("create_model_from_pretrained", "get_tokenizer", "tokenize"):
        setattr(sys.modules["conch.open_clip_custom"], name, None)
    sys.modules["focus_pkg"].__path__ = [str(folder / "models")]
    program = module(folder / "models/model_FOCUS.py", "focus_pkg.model_FOCUS")
    width, texts = 16, 3
    net = program.FOCUS.__new__(program.FOCUS)
    nn.Module.__init__(net)
    net.loss_ce = nn.CrossEntropyLoss()
    net.num_classes, net.window_size, net.sim_threshold, net.L_max = 0, 8, 0.8, None
    net.feature_dim, net.num_heads, net.head_dim = width, 8, width // 8
    net.feature_encoder = nn.Sequential(nn.Linear(DIM, width), nn.LayerNorm(width), nn.ReLU(), nn.Dropout(0.25))
    for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
        setattr(net, name, nn.Linear(width, width))
    net.classifier = nn.Linear(width, CLASSES)
    randomize(net, 1)
    # Positive, so that no tile's fit is that of the tiles that are set aside, 0.
    text = bag(texts, 2, width).abs() * 0.5

    class Prompts(nn.Module):
        tokenized_prompts = None

        def forward(self):
            return None

    class Encoder(nn.Module):
        def forward(self, prompts, tokens):
            return text

    net.prompt_learner, net.text_encoder = Prompts(), Encoder()
    tensors = renamed(net, [
        ("feature_encoder.0.", "feature."), ("feature_encoder.1.", "norm."), ("q_proj.", "query."), ("k_proj.", "key."),
        ("v_proj.", "value."), ("o_proj.", "out."), ("classifier.", "classifier.")])
    tensors["param.texts"] = text
    for i, (tiles, most) in enumerate([(1, 8192), (9, 8192), (16, 8192), (45, 8192), (45, 20)]):
        net.L_max = most
        # Tiles like their neighbors, so that compression has something to drop.
        x = bag(tiles, 30 + i)
        for t in range(1, tiles):
            if t % 3:
                x[t] = x[t - 1] + 0.2 * x[t]
        kept = []
        compress = net.spatial_token_compression
        net.spatial_token_compression = lambda f, t: kept.append(compress(f, t)) or kept[-1]
        probabilities, _, loss = net(None, x, torch.tensor([1]))
        net.spatial_token_compression = compress
        encoded = net.feature_encoder(x)
        chosen = torch.tensor([int((encoded - row).abs().sum(1).argmin()) for row in kept[0]])
        tensors |= {f"bag{i}.features": x, f"bag{i}.probabilities": probabilities, f"bag{i}.loss": loss,
                    f"bag{i}.chosen": chosen, f"bag{i}.most": torch.tensor([most])}
    write(out, "focus", tensors, width=width)


def shazam(folder, out):
    path = folder / "Survival_analysis/shazam_survival_analysis.py"
    parts = definitions(path, ["ABMIL", "MoE", "CrossBlk", "MultiCross", "dist_pair"],
                        {"torch": torch, "nn": nn, "math": math})
    widths, hidden, width = [5, 4, 3], 8, 6

    class One(nn.Module):
        """Their student on one level of features: no residual from a level below."""

        def __init__(self):
            super().__init__()
            self.map = nn.ModuleList([nn.Linear(d, hidden) for d in widths])
            self.pool = nn.ModuleList([parts.ABMIL(hidden, width, hidden) for _ in widths])
            self.moe = parts.MoE([hidden] * len(widths), hidden)
            self.cross = parts.MultiCross(hidden, 4)
            self.head = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.Dropout(0.1), nn.LayerNorm(hidden),
                                      nn.Linear(hidden, CLASSES))

        def forward(self, features):
            vectors = [pool(to(f)) for pool, to, f in zip(self.pool, self.map, features)]
            student = self.cross(self.moe(vectors).unsqueeze(0))
            return self.head(student), sum(parts.dist_pair(student, v) for v in vectors) / len(vectors)

    net = randomize(One(), 1)
    names = []
    for i in range(len(widths)):
        names += [(f"map.{i}.", f"teachers.{i}.project."), (f"pool.{i}.fc1.", f"teachers.{i}.embed."),
                  (f"pool.{i}.fc2.", f"teachers.{i}.attention_in."), (f"pool.{i}.fc3.", f"teachers.{i}.attention_out.")]
    for i in range(4):
        for theirs, ours in (("q", "query"), ("k", "key"), ("v", "value"), ("o", "out"), ("ln", "norm")):
            names.append((f"cross.blocks.{i}.{theirs}.", f"blocks.{i}.{ours}."))
    names += [("moe.gate.0.", "gate_in."), ("moe.gate.2.", "gate_norm."), ("moe.gate.3.", "gate_out."),
              ("moe.out_ln.", "mixture_norm."), ("head.0.", "head_in."), ("head.3.", "head_norm."), ("head.4.", "head_out.")]
    tensors = renamed(net, names)
    for i, tiles in enumerate([1, 13]):
        x = bag(tiles, 40 + i)
        logits, distillation = net(list(torch.split(x, widths, 1)))
        tensors |= {f"bag{i}.features": x, f"bag{i}.logits": logits, f"bag{i}.distillation": distillation}
    write(out, "shazam", tensors, hidden=hidden, attention=width, widths=",".join(map(str, widths)))


if __name__ == "__main__":
    folders = [pathlib.Path(a).resolve() for a in sys.argv[1:]]
    for make, folder in zip((dtfd, panther, hmil, focus, shazam), folders):
        make(folder, folders[-1])
        print(make.__name__, "written")
