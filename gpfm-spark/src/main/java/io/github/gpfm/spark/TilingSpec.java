package io.github.gpfm.spark;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.pipeline.TilingPlan;
import java.io.Serializable;

/**
 * How tissue is found and tiles are laid. Travels to the executors, where it makes the plan: a
 * lambda that captures nothing but values does, for instance
 *
 * <pre>{@code
 * TilingSpec tiling =
 *     encoder -> new TilingPlan(
 *         new OtsuSegmenter(SegmentationParameters.OFFICIAL), GridTiler.atMpp(256, 0.5));
 * }</pre>
 */
@FunctionalInterface
public interface TilingSpec extends Serializable {
  /** The plan for an encoder. */
  TilingPlan plan(EncoderInfo encoder);

  /** Tiles as the encoder's authors recommend. */
  static TilingSpec recommended() {
    return TilingPlan::recommendedFor;
  }
}
