package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.support.yaml.NotEmpty;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys an encoder's block may have.
 *
 * @param name unique name
 * @param features folder with features; {@code {task}} stands for the task's name
 * @param weights weight file of an encoder
 * @param model of the catalogue or of another jar, whose {@code weights} these are
 * @param builtin {@code tiny} or {@code colour-texture}
 * @param fuse names of encoders whose features this one takes together
 * @param fusion how
 */
record EncoderKeys(
    @NotEmpty String name,
    @NotEmpty Optional<String> features,
    Optional<Path> weights,
    @NotEmpty Optional<String> model,
    Optional<Builtin> builtin,
    @NotEmpty Optional<List<String>> fuse,
    Optional<FeatureFusion> fusion) {
  /** Encoders that need no file. */
  enum Builtin {
    TINY,
    COLOUR_TEXTURE
  }
}
