package io.github.gpfm.eval.language;

import io.github.gpfm.encoder.script.ScriptNode;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.script.ScriptSource;
import io.github.gpfm.eval.head.Initializer;
import io.github.gpfm.eval.head.TrainableHead;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/** Builds the programs of the language heads with fresh weights. */
final class LanguageArchitecture {
  private static final double DROPOUT = 0.1;

  private final LanguageSettings settings;
  private final Initializer fresh;

  LanguageArchitecture(LanguageSettings settings) {
    this.settings = settings;
    this.fresh = new Initializer(settings.seed());
  }

  ScriptProgram vqa(int featureDimension, int words, int answers) {
    int width = settings.width();
    ScriptNode root =
        ScriptNode.of("VqaHead")
            .child("project", fresh.linear(featureDimension, width))
            .parameter("visual_type", fresh.normal(0.02, 1, width))
            .parameter("cls_token", fresh.normal(0.02, 1, width))
            .parameter("words", fresh.normal(0.02, words, width))
            .parameter("positions", fresh.normal(0.02, settings.maxWords(), width))
            .children("blocks", blocks(false))
            .child("norm", fresh.layerNorm(width))
            .child("classifier", fresh.linear(width, answers));
    return program(root);
  }

  ScriptProgram report(int featureDimension, int words) {
    int width = settings.width();
    ScriptNode root =
        ScriptNode.of("ReportHead")
            .child("project", fresh.linear(featureDimension, width))
            .children("encoder", blocks(false))
            .child("memory_norm", fresh.layerNorm(width))
            .parameter("words", fresh.normal(0.02, words, width))
            .parameter("positions", fresh.normal(0.02, settings.maxWords(), width))
            .children("decoder", blocks(true))
            .child("norm", fresh.layerNorm(width));
    return program(root);
  }

  private static ScriptProgram program(ScriptNode root) {
    return new ScriptProgram(
        ScriptSource.resources(TrainableHead.class, "layers.torchscript", "optimizers.torchscript")
            .and(ScriptSource.resources(LanguageArchitecture.class, "language.torchscript")),
        root);
  }

  private List<ScriptNode> blocks(boolean cross) {
    return IntStream.range(0, settings.layers()).mapToObj(i -> block(cross)).toList();
  }

  private ScriptNode block(boolean cross) {
    int width = settings.width();
    return ScriptNode.of("Block")
        .child("norm1", fresh.layerNorm(width))
        .child("attention", attention())
        .child("norm2", cross ? fresh.layerNorm(width) : null)
        .child("cross", cross ? attention() : null)
        .child("norm3", fresh.layerNorm(width))
        .child("up", fresh.linear(width, 4 * width))
        .child("down", fresh.linear(4 * width, width))
        .constant("dropout", DROPOUT);
  }

  private ScriptNode attention() {
    int width = settings.width();
    return ScriptNode.of("Attention")
        .child("query", fresh.linear(width, width))
        .child("key", fresh.linear(width, width))
        .child("value", fresh.linear(width, width))
        .child("out", fresh.linear(width, width))
        .constant("heads", (long) settings.heads());
  }

  /** At most {@code maxTiles} rows: consecutive ones are averaged in groups of equal size. */
  static Matrix condensed(Matrix bag, int maxTiles) {
    if (bag.rows() <= maxTiles) {
      return bag;
    }
    Matrix result = Matrix.zeros(maxTiles, bag.columns());
    for (int g = 0; g < maxTiles; g++) {
      int from = (int) ((long) g * bag.rows() / maxTiles);
      int to = (int) ((g + 1L) * bag.rows() / maxTiles);
      for (int c = 0; c < bag.columns(); c++) {
        double sum = 0;
        for (int r = from; r < to; r++) {
          sum += bag.get(r, c);
        }
        result.set(g, c, (float) (sum / (to - from)));
      }
    }
    return result;
  }
}
