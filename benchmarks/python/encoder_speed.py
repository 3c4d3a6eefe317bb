"""Images per second of a ViT/14 in PyTorch (eager, SDPA): the other side of EncoderSpeed.

Arguments: S|B|L float32|bfloat16 BATCH BATCHES [THREADS]; needs torch and timm.
"""
import sys
import time

import timm
import torch

size, precision, batch, batches = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
if len(sys.argv) > 5:
    torch.set_num_threads(int(sys.argv[5]))
name = {"S": "small", "B": "base", "L": "large"}[size]
dtype = getattr(torch, precision)
model = timm.create_model(f"vit_{name}_patch14_dinov2", img_size=224, num_classes=0, global_pool="token")
model = model.eval().to(dtype)
pixels = torch.randint(0, 256, (batch, 224, 224, 3), dtype=torch.uint8)
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
std = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
seconds = []
with torch.inference_mode():
    for i in range(batches + 1):
        start = time.perf_counter()
        x = ((pixels.permute(0, 3, 1, 2).float() / 255 - mean) / std).to(dtype)
        model(x).float().numpy()
        if i == 0:
            cpu = time.process_time()
        else:
            seconds.append(time.perf_counter() - start)
cpu = (time.process_time() - cpu) / (batch * batches)
seconds.sort()
print(
    f"python {torch.__version__} ViT-{size}/14 {precision} batch {batch}: "
    f"median {batch / seconds[len(seconds) // 2]:.2f} img/s, best {batch / seconds[0]:.2f} img/s, {cpu:.3f} CPU s/img"
)
