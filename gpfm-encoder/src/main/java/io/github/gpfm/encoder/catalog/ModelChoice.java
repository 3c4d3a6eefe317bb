package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.WeightsException;
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

  /** Checks that heads are not given of a model whose card states them. */
  public ModelChoice {
    if (model.isPresent() && heads.isPresent()) {
      throw new InvalidOptionException("heads are given only where no model is named.");
    }
  }

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
          "Weight file '%s' fits several models: %s; name one of them."
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
    return new FileStructure(file, heads, state)
        .card(shapes)
        .orElseThrow(
            () ->
                new WeightsException(
                    "Weight file '%s' fits no model and is no vision transformer of a known form (%s); 'gpfm models check' shows what it lacks."
                        .formatted(file.path(), nearest(shapes))));
  }

  private String nearest(Map<String, List<Long>> shapes) {
    return catalog.identify(shapes, state).stream()
        .findFirst()
        .map(report -> "nearest: " + report.model() + ", " + report.describe(3))
        .orElse("none has its names");
  }

  /** A card with what is stated beside the file, which the card's own words must not contradict. */
  private static ModelCard configured(ModelCard card, WeightFile file) {
    warnOfAnotherPreprocessing(card, file);
    return card.layout().configJson()
        ? card.withArchitecture(HuggingFaceConfig.applied(card.architecture(), file.folder()))
        : card;
  }

  private static void warnOfAnotherPreprocessing(ModelCard card, WeightFile file) {
    try {
      StatedPreprocessing.of(file.folder())
          .map(stated -> StatedPreprocessing.differences(stated, card.preprocessing()))
          .filter(differences -> !differences.isEmpty())
          .ifPresent(
              differences ->
                  LOG.warn(
                      "The folder of weight file '{}' states another preprocessing than model '{}', whose own is used: {}.",
                      file.path(),
                      card.name(),
                      String.join(", ", differences)));
    } catch (WeightsException e) {
      LOG.warn("{} Model '{}' is preprocessed as its card says.", e.getMessage(), card.name());
    }
  }
}
