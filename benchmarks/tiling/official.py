"""Runs the official patcher's segmentation and coordinates over slides, as a whole process.

usage: official.py PATCHER OUT SLIDE...
PATCHER is the folder `Patching` of the GPFM repository. The patcher imports matplotlib; where it is not
installed, or with GPFM_STUB_MATPLOTLIB=1, an empty module stands in, so that its start-up is not counted.
"""
import importlib.util
import os
import sys
import types

if os.environ.get("GPFM_STUB_MATPLOTLIB") == "1" or not importlib.util.find_spec("matplotlib"):
    sys.modules["matplotlib"] = types.ModuleType("matplotlib")
    sys.modules["matplotlib.pyplot"] = types.ModuleType("matplotlib.pyplot")
patcher, out, slides = sys.argv[1], sys.argv[2], sys.argv[3:]
sys.path.insert(0, patcher)
from wsi_core.WholeSlideImage import WholeSlideImage  # noqa: E402

os.makedirs(out, exist_ok=True)
for path in slides:
    slide = WholeSlideImage(path)
    level = slide.getOpenSlide().get_best_level_for_downsample(64)
    slide.segmentTissue(
        seg_level=level, sthresh=8, mthresh=7, close=4, use_otsu=False,
        filter_params={"a_t": 1, "a_h": 1, "max_n_holes": 8})
    slide.process_contours(
        out, patch_level=0, patch_size=256, step_size=256, contour_fn="four_pt", use_padding=True)
