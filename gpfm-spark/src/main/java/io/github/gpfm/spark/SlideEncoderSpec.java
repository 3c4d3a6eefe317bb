package io.github.gpfm.spark;

import java.io.Serializable;

/**
 * Which slide encoder executors open.
 *
 * @param name {@code mean} or a name of {@link io.github.gpfm.encoder.slide.SlideEncoders}
 * @param weights a local path that every executor has, or a URI of a Hadoop file system; empty for
 *     {@code mean}
 * @param device {@code auto}, {@code cpu} or {@code cuda:0}; with {@code auto} a task that Spark
 *     gave a GPU takes that one
 */
public record SlideEncoderSpec(String name, String weights, String device) implements Serializable {
  /** The mean of a slide's features. */
  public static SlideEncoderSpec mean() {
    return new SlideEncoderSpec("mean", "", "auto");
  }

  /** An encoder by name. */
  public static SlideEncoderSpec of(String name, String weights) {
    return new SlideEncoderSpec(name, weights, "auto");
  }
}
