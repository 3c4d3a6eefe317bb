package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.encoder.weights.WeightFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model a weight file is to be read as: the one that is named; else the only one of a
 * catalogue that it fits exactly; and if it fits none, a vision transformer of the structure that
 * the file shows.
 *
 * @param catalog the models there are
 * @param model the model named, if any
 * @param heads attention heads, where no model is named and the file does not state them
 * @param state which of the networks in a file ({@code teacher}, {@code ema}, a prefix); empty for
 *     the preferred
 */
public record ModelChoice(
    ModelCatalog catalog, Optional<ModelCard> model, OptionalInt heads, Optional<String> state) {
  private static final Logger LOG = LoggerFactory.getLogger(ModelChoice.class);

  /** The layouts in which a network of no model is looked for. */
  private static final List<String> LAYOUTS =
      List.of("dinov2", "dinov2-swiglu", "timm", "hf-vit", "hf-dinov2", "hf-dinov2-swiglu");

  /** Any model of the built-in catalogue. */
  public static ModelChoice any() {
    return new ModelChoice(
        ModelCatalog.builtIn(), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  /** The model of a card. */
  public static ModelChoice of(ModelCard card) {
    return new ModelChoice(
        ModelCatalog.builtIn(), Optional.of(card), OptionalInt.empty(), Optional.empty());
  }

  /**
   * The card by which a file is read, with the file's sizes where they decide.
   *
   * @throws AmbiguousModelException if the file fits several models and none is named
   * @throws WeightsException if it is of no structure known here
   */
  ModelCard card(WeightFile file) {
    Map<String, List<Long>> shapes = WeightBinding.shapes(file);
    if (model.isPresent()) {
      return configured(model.get().fittedTo(shapes, state), file);
    }
    List<String> fitting =
        heads.isPresent()
            ? List.of()
            : catalog.identify(shapes, state).stream()
                .filter(WeightsReport::fits)
                .map(WeightsReport::model)
                .toList();
    if (fitting.size() > 1) {
      throw new AmbiguousModelException(
          "Weight file '%s' fits several models: %s; name one of them (--model)."
              .formatted(file.path(), String.join(", ", fitting)),
          fitting);
    }
    if (fitting.size() == 1) {
      ModelCard card = catalog.find(fitting.get(0));
      LOG.warn(
          "Weight file '{}' is of model '{}' ({}), which is used: {} px at {} um/px.",
          file.path(),
          card.name(),
          card.title(),
          card.tileSize(),
          card.mpp());
      return configured(card.fittedTo(shapes, state), file);
    }
    return structure(file, shapes);
  }

  private ModelCard structure(WeightFile file, Map<String, List<Long>> shapes) {
    for (String layout : LAYOUTS) {
      Optional<ModelCard> found =
          generic(layout)
              .withSizesOf(shapes, state)
              .filter(card -> card.check(shapes, state).fits());
      if (found.isPresent()) {
        ModelCard card = configured(withHeads(found.get(), file), file);
        LOG.warn(
            "Weight file '{}' fits no model of the catalogue; it is read as {} (tensor names: {}),"
                + " with tiles of {} px at {} um/px. Name a model if it is one.",
            file.path(),
            card.architecture().describe(),
            layout,
            card.tileSize(),
            card.mpp());
        return card;
      }
    }
    throw new WeightsException(
        "Weight file '%s' fits no model and is no vision transformer of a known form (%s); 'gpfm models check' shows what it lacks."
            .formatted(file.path(), nearest(shapes)));
  }

  private String nearest(Map<String, List<Long>> shapes) {
    return catalog.identify(shapes, state).stream()
        .findFirst()
        .map(report -> "nearest: " + report.model() + ", " + report.describe(3))
        .orElse("none has its names");
  }

  /** A form whose sizes are a file's; the tiles are those of GPFM. */
  private static ModelCard generic(String layout) {
    boolean official = layout.startsWith("dinov2");
    boolean hub = layout.startsWith("hf-");
    VitArchitecture form =
        new VitArchitecture(
            384,
            12,
            6,
            14,
            16,
            FeedForward.GELU,
            1536,
            0,
            PositionRows.CLASS,
            false,
            hub
                ? PositionResampling.PLAIN
                : official ? PositionResampling.PLAIN_OFFSET : PositionResampling.ANTIALIAS,
            layout.equals("hf-vit") ? 1e-12 : 1e-6);
    return new ModelCard(
        "dinov2-vit",
        "Vision transformer of the file's structure",
        form,
        ModelCatalog.builtIn().layout(layout),
        true,
        Feature.CLASS_TOKEN,
        Preprocessing.exact(224),
        512,
        0.25,
        List.of(),
        "none",
        "as the weights' authors state",
        "none",
        List.of(),
        "not checked");
  }

  private ModelCard withHeads(ModelCard card, WeightFile file) {
    VitArchitecture vit = (VitArchitecture) card.architecture();
    int stated = heads.orElse(HuggingFaceConfig.statedHeads(file).orElse(vit.heads()));
    if (stated < 1 || vit.width() % stated != 0) {
      throw new InvalidOptionException(
          "%d attention heads do not divide the width %d.".formatted(stated, vit.width()));
    }
    PositionResampling resampling =
        vit.registers() > 0 ? PositionResampling.ANTIALIAS : vit.positionResampling();
    VitArchitecture known = vit.with(stated, vit.normEps(), vit.feedForward(), resampling);
    int edge = known.patchSize() * known.grid();
    return card.withStructure(known, Preprocessing.exact(edge));
  }

  private static ModelCard configured(ModelCard card, WeightFile file) {
    return card.layout().configJson()
        ? card.withArchitecture(HuggingFaceConfig.applied(card.architecture(), file.folder()))
        : card;
  }
}
