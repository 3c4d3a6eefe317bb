package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.weights.ModelState;
import io.github.gpfm.support.yaml.Default;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that distinguishes one model from another.
 *
 * @param name by which it is found, lower case, for instance {@code uni2-h}
 * @param title as its authors write it
 * @param architecture structure and sizes
 * @param layout how the authors' file names its tensors
 * @param sizesFromFile whether the sizes that the authors have not stated for certain (see {@link
 *     Architecture#agreesWith}) are taken from the file
 * @param feature what the authors use as feature
 * @param preprocessing what the authors do to an image
 * @param tileSize recommended tile edge, pixels at {@code mpp}
 * @param mpp recommended resolution, µm per pixel
 * @param files names of the weight file as the authors publish it
 * @param page where the authors offer it
 * @param licence of the weights
 * @param citation the paper
 * @param unconfirmed statements on this card that could not be checked against the authors' own
 *     words
 * @param check how the program was checked against the authors' code
 */
public record ModelCard(
    String name,
    String title,
    Architecture architecture,
    KeyLayout layout,
    @Default("false") boolean sizesFromFile,
    Feature feature,
    Preprocessing preprocessing,
    int tileSize,
    double mpp,
    @Default("[]") List<String> files,
    String page,
    String licence,
    String citation,
    @Default("[]") List<String> unconfirmed,
    String check) {
  /** Checks that the architecture gives the feature. */
  public ModelCard {
    files = List.copyOf(files);
    unconfirmed = List.copyOf(unconfirmed);
    Sizes.positive("tileSize", tileSize);
    if (!(mpp > 0) || Double.isInfinite(mpp)) {
      throw new CatalogException("mpp must be a positive number, not " + mpp + ".");
    }
    requireFeature(name, architecture, feature);
    architecture.requireInput(preprocessing.inputSize());
  }

  private static void requireFeature(String name, Architecture architecture, Feature feature) {
    if (!architecture.features().contains(feature)) {
      throw new CatalogException(
          "Model '%s' has no feature %s; choose one of %s."
              .formatted(
                  name,
                  Sizes.label(feature),
                  String.join(", ", architecture.features().stream().map(Sizes::label).toList())));
    }
  }

  /** Length of the feature. */
  public int dimension() {
    return architecture.dimension(feature);
  }

  /** Compares a file's tensors with this model's; nothing is read but names and shapes. */
  public WeightsReport check(Map<String, List<Long>> shapes) {
    return check(shapes, Optional.empty());
  }

  /**
   * {@link #check(Map)} of one of the networks in a file.
   *
   * @param state which, see {@link ModelState#is}; empty for the preferred
   * @throws io.github.gpfm.api.WeightsException if the file has no such state of this model
   */
  public WeightsReport check(Map<String, List<Long>> shapes, Optional<String> state) {
    return WeightsReport.of(
        name, fittedTo(shapes, state).architecture, layout, shapes, states(shapes, state));
  }

  /** The states of a file that have this model's names, or those that are asked for. */
  private List<ModelState> states(Map<String, List<Long>> shapes, Optional<String> state) {
    List<ModelState> all = layout.states(architecture, shapes.keySet());
    if (state.isEmpty()) {
      return all;
    }
    List<ModelState> asked = all.stream().filter(each -> each.is(state.get())).toList();
    if (asked.isEmpty() && !all.isEmpty()) {
      throw new WeightsException(
          "The weights have no state '%s' of model '%s'; they have %s."
              .formatted(
                  state.get(),
                  name,
                  String.join(", ", all.stream().map(ModelState::describe).toList())));
    }
    return asked;
  }

  /**
   * This card with the file's sizes if it is one whose sizes come from the file and the file agrees
   * with what is certain.
   */
  public ModelCard fittedTo(Map<String, List<Long>> shapes) {
    return fittedTo(shapes, Optional.empty());
  }

  ModelCard fittedTo(Map<String, List<Long>> shapes, Optional<String> state) {
    return sizesFromFile
        ? withSizesOf(shapes, state)
            .filter(fitted -> architecture.agreesWith(fitted.architecture))
            .orElse(this)
        : this;
  }

  /** This card with the sizes that a file of the same layout shows; empty if it shows none. */
  public Optional<ModelCard> withSizesOf(Map<String, List<Long>> shapes) {
    return withSizesOf(shapes, Optional.empty());
  }

  Optional<ModelCard> withSizesOf(Map<String, List<Long>> shapes, Optional<String> state) {
    try {
      return states(shapes, state).stream()
          .findFirst()
          .flatMap(
              first ->
                  architecture
                      .withSizesOf(layout.programShapes(first, shapes))
                      .map(this::withArchitecture));
    } catch (CatalogException | ArithmeticException e) {
      // Sizes that contradict each other: the file is of another architecture.
      return Optional.empty();
    }
  }

  /** This card with another architecture. */
  public ModelCard withArchitecture(Architecture other) {
    Feature given = other.features().contains(feature) ? feature : other.features().get(0);
    int edge = preprocessing.inputSize();
    // A form that takes its sizes from a file may have patches that do not divide the input.
    boolean divides = !(other instanceof VitArchitecture vit) || edge % vit.patchSize() == 0;
    return copy(
        other,
        sizesFromFile,
        sizesFromFile ? given : feature,
        divides || !sizesFromFile
            ? preprocessing
            : Preprocessing.exact(other.patchSize() * ((VitArchitecture) other).grid()));
  }

  /**
   * This card with another feature.
   *
   * @throws CatalogException if the architecture does not give it
   */
  public ModelCard withFeature(Feature other) {
    return copy(architecture, sizesFromFile, other, preprocessing);
  }

  /** This card with another structure, its usual feature, and another preprocessing. */
  ModelCard withStructure(Architecture other, Preprocessing otherPreprocessing) {
    return copy(other, sizesFromFile, other.features().get(0), otherPreprocessing);
  }

  /** This card with its own sizes whatever a file shows. */
  ModelCard withoutFileSizes() {
    return copy(architecture, false, feature, preprocessing);
  }

  /** This card with another preprocessing, for instance another input size. */
  public ModelCard withPreprocessing(Preprocessing other) {
    return copy(architecture, sizesFromFile, feature, other);
  }

  private ModelCard copy(
      Architecture newArchitecture,
      boolean newSizesFromFile,
      Feature newFeature,
      Preprocessing newPreprocessing) {
    return new ModelCard(
        name,
        title,
        newArchitecture,
        layout,
        newSizesFromFile,
        newFeature,
        newPreprocessing,
        tileSize,
        mpp,
        files,
        page,
        licence,
        citation,
        unconfirmed,
        check);
  }
}
