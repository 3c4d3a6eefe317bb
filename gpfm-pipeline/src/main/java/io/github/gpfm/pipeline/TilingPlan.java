package io.github.gpfm.pipeline;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.ModelSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.util.Map;
import java.util.TreeMap;

/**
 * How tissue is found and tiles are laid.
 *
 * @param segmenter finds the tissue
 * @param tiler lays the tiles
 */
public record TilingPlan(TissueSegmenter segmenter, Tiler tiler) {
  /**
   * The segmentation used where nothing else is asked for: the official patcher's, with pieces and
   * holes kept from one 512x512 patch on (the official 100 and 16 drop biopsies as a whole) and at
   * most 8 holes a piece.
   */
  public static final SegmentationParameters DEFAULT_SEGMENTATION =
      SegmentationParameters.OFFICIAL.withAreas(1, 1, 8);

  /** The default segmentation and tiles of the size and resolution that an encoder wants. */
  public static TilingPlan recommendedFor(EncoderInfo encoder) {
    return new TilingPlan(
        new ClamSegmenter(DEFAULT_SEGMENTATION),
        GridTiler.atMpp(encoder.tileSize(), encoder.mpp()));
  }

  /** Everything that decides the tiles, by name, for provenance. */
  public Map<String, String> parameters() {
    Map<String, String> map = new TreeMap<>();
    map.put("segmenter", segmenter.name());
    if (segmenter instanceof ClamSegmenter clam) {
      map.putAll(clam.parameters().toMap());
    } else if (segmenter instanceof ModelSegmenter model) {
      map.put("model", model.model().name());
      map.put("areas", model.filter().toString());
    } else {
      map.put("segmentation", segmenter.toString());
    }
    if (tiler instanceof ClamTiler clam) {
      map.put("tiler", "clam");
      map.put("patch_level", Integer.toString(clam.patchLevel()));
      map.put("patch_size", Integer.toString(clam.patchSize()));
      map.put("step_size", Integer.toString(clam.stepSize()));
      map.put("use_padding", Boolean.toString(clam.usePadding()));
      map.put("contour_fn", clam.contourTest().label());
    } else if (tiler instanceof GridTiler grid) {
      map.put("tiler", "grid");
      map.put("tile_size", Integer.toString(grid.tileSize()));
      map.put("overlap", Integer.toString(grid.overlap()));
      map.put("resolution", grid.resolution().toString());
      map.put("test", grid.test().toString());
      map.put("border", grid.border().name());
      map.put("roi", Boolean.toString(grid.roi().isPresent()));
    }
    return map;
  }
}
