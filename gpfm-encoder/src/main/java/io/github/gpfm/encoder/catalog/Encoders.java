package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.script.ScriptProgram;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.WeightFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens any model of the catalogue with its authors' weight file.
 *
 * <pre>{@code
 * try (GpfmEncoder uni = Encoders.builder("uni", Path.of("pytorch_model.bin")).build()) {
 *   float[] feature = uni.embed(image);
 * }
 * }</pre>
 *
 * <p>Weight files are the user's to download, from the page that the card names and under the
 * licence it names; nothing here opens a connection.
 */
public final class Encoders {
  private Encoders() {}

  /** The models this library knows; {@link ModelCatalog#with} adds a user's own. */
  public static ModelCatalog catalog() {
    return ModelCatalog.builtIn();
  }

  /**
   * The card of a model by name, case ignored.
   *
   * @throws CatalogException naming the models there are
   */
  public static ModelCard find(String name) {
    return catalog().find(name);
  }

  /**
   * An encoder about to be built: device, precision and batch size are still to be chosen.
   *
   * @param name of a built-in model
   * @param weights its authors' file
   * @throws CatalogException if there is no such model
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of that model, naming
   *     the tensors at fault
   */
  public static GpfmEncoder.Builder builder(String name, Path weights) {
    return builder(find(name), weights);
  }

  /** {@link #builder(String, Path)} for a card, for instance one with another feature. */
  public static GpfmEncoder.Builder builder(ModelCard card, Path weights) {
    return GpfmEncoder.builder().model(model(card, weights));
  }

  /**
   * Opens a built-in model with the usual choices: GPUs if there are any, float32.
   *
   * @throws CatalogException if there is no such model
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of that model
   */
  public static GpfmEncoder open(String name, Path weights) {
    return builder(name, weights).build();
  }

  /**
   * A network with its weights before it is put on a device.
   *
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of the card's model,
   *     naming the tensors at fault
   */
  public static EncoderModel model(ModelCard card, Path weights) {
    return model(ModelChoice.of(card), weights);
  }

  /**
   * A network with its weights before it is put on a device.
   *
   * @param choice which model, or that the file is to tell
   * @param weights a file, a model's folder or an index of shards
   * @throws AmbiguousModelException if the file fits several models and none is named
   * @throws io.github.gpfm.api.WeightsException if the file does not fit, naming the tensors at
   *     fault
   */
  public static EncoderModel model(ModelChoice choice, Path weights) {
    WeightFile file = WeightFile.open(weights);
    ModelCard fitted = choice.card(file);
    WeightBinding binding =
        WeightBinding.of(fitted.withoutFileSizes(), file, choice.state(), DType.FLOAT32);
    Architecture architecture = fitted.architecture();
    EncoderInfo info =
        EncoderInfo.builder(fitted.name(), fitted.dimension())
            .architecture(architecture.describe())
            .inputSize(fitted.preprocessing().inputSize())
            .patchSize(architecture.patchSize())
            .tileSize(fitted.tileSize())
            .mpp(fitted.mpp())
            .license(fitted.licence())
            .weightsSha256(file.sha256())
            .build();
    ScriptProgram program =
        new ScriptProgram(
            Programs.source(architecture), Programs.root(architecture, binding, fitted.feature()));
    return new EncoderModel(
        info,
        program,
        architecture.patchDimension(),
        fitted.preprocessing(),
        fitted.feature() == Feature.CLASS_AND_MEAN_PATCH_TOKEN,
        architecture.blocks(),
        architecture + ", " + fitted.feature().label());
  }

  /**
   * All files that decide how weights are read: the file, or the shards of a model, and what stands
   * beside them of its network and preprocessing.
   *
   * @param weights a file, a model's folder or an index of shards
   * @return the weights first, each file once
   * @throws io.github.gpfm.api.WeightsException if a folder holds none or several, or a shard is
   *     missing
   */
  public static List<Path> files(Path weights) {
    Set<Path> files = new LinkedHashSet<>(WeightFile.files(weights));
    for (Path file : WeightFile.files(weights)) {
      for (String name : List.of(ModelFolder.CONFIG, ModelFolder.PREPROCESSOR)) {
        Path beside = file.resolveSibling(name);
        if (Files.isRegularFile(beside)) {
          files.add(beside);
        }
      }
    }
    return List.copyOf(files);
  }
}
