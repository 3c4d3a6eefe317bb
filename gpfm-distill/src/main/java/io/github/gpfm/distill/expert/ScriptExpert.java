package io.github.gpfm.distill.expert;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.encoder.script.HostBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A TorchScript file whose {@code forward} takes crops [n, 3, s, s], normalised as the student's,
 * and returns the class tokens [n, E], or a tuple of them and patch tokens: [n, rows, columns, P],
 * or [n, N, P] of a square grid; P may differ from E.
 *
 * <p>A TorchScript file is a program: use files from people you trust.
 */
public final class ScriptExpert implements Expert {
  private final HostBuffer input = new HostBuffer();
  private final Path file;
  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final int dimension;
  private final int patchDimension;

  /**
   * Loads the file and runs it once to learn its dimension.
   *
   * @param cropSize edge of the global crops, pixels
   * @throws WeightsException if the file cannot be loaded
   * @throws EncoderException if its results have other shapes than described above
   */
  public ScriptExpert(Path file, int cropSize, Device device) {
    if (!Files.isRegularFile(file)) {
      throw new WeightsException("TorchScript expert '" + file + "' does not exist; check path.");
    }
    this.file = file;
    manager = Engines.newManager(device);
    try {
      block = JniUtils.loadModule(manager, file, true, new String[0], new String[0], false);
      try (NDManager scope = manager.newSubManager()) {
        NDList result = run(scope.zeros(new Shape(1, 3, cropSize, cropSize)));
        dimension = (int) result.get(0).getShape().get(1);
        patchDimension = result.size() > 1 ? (int) result.get(1).getShape().getLastDimension() : 0;
      }
    } catch (EngineException e) {
      manager.close();
      throw new WeightsException(
          "TorchScript expert '%s' cannot be loaded (%s); save it with torch.jit.save."
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.file("file", file);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public boolean hasPatchTokens() {
    return patchDimension > 0;
  }

  @Override
  public int patchDimension() {
    return patchDimension;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
    int n = 2 * batch.tiles().length;
    int size = (int) Math.round(Math.sqrt(batch.globals().length / 3.0 / n));
    try (NDManager scope = manager.newSubManager()) {
      NDList result = run(input.create(scope, batch.globals(), new Shape(n, 3, size, size)));
      float[] classes = result.get(0).toFloatArray();
      if (!patchTokens) {
        return ExpertTokens.ofClasses(dimension, classes);
      }
      Shape shape = result.get(1).getShape();
      boolean grid = shape.dimension() == 4;
      int rows = (int) (grid ? shape.get(1) : Math.round(Math.sqrt(shape.get(1))));
      int columns = grid ? (int) shape.get(2) : rows;
      if (!grid && (long) rows * columns != shape.get(1)) {
        throw new EncoderException(
            "TorchScript expert '%s' returns %d patch tokens, which is no square; return them as [n, rows, columns, E]."
                .formatted(file, shape.get(1)));
      }
      return new ExpertTokens(dimension, classes, rows, columns, result.get(1).toFloatArray());
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDList run(NDArray crops) {
    NDList result = IValueUtils.forward(block, new NDList(crops), false);
    boolean fits = !result.isEmpty() && result.get(0).getShape().dimension() == 2;
    if (fits && result.size() > 1) {
      int axes = result.get(1).getShape().dimension();
      fits = axes == 3 || axes == 4;
    }
    if (!fits) {
      throw new EncoderException(
          "TorchScript expert '%s' must return class tokens [n, E] or (class tokens, patch tokens)."
              .formatted(file));
    }
    return result;
  }
}
