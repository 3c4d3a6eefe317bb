package io.github.gpfm.api;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a caller must know of a slide encoder before using it.
 *
 * @param name catalogue name, for instance {@code titan}
 * @param architecture one line
 * @param feature which of the network's features it gives
 * @param dimension length of a slide's feature; 0 where it is that of the tiles
 * @param inputs the patch encoders it was trained on; empty where any will do
 * @param tileSize edge of the tiles it was trained on, pixels; 0 where any will do
 * @param mpp resolution of the tiles it was trained on, µm per pixel; 0 where any will do
 * @param needsCoords whether the places of the tiles count
 * @param licence licence of the weights as their authors state it
 * @param weightsSha256 lower-case hexadecimal SHA-256 of the weight file; empty where there is none
 */
public record SlideEncoderInfo(
    String name,
    String architecture,
    String feature,
    int dimension,
    List<Input> inputs,
    int tileSize,
    double mpp,
    boolean needsCoords,
    String licence,
    String weightsSha256) {
  /** Resolutions up to this share apart are taken as the same: scanners differ that much. */
  private static final double MPP_TOLERANCE = 0.1;

  /**
   * Features that a slide encoder takes.
   *
   * @param encoder name of the patch encoder in the catalogue
   * @param feature label of its feature, for instance {@code class-token}
   * @param dimension length of the feature
   */
  public record Input(String encoder, String feature, int dimension) {
    @Override
    public String toString() {
      return encoder + " (" + feature + ", " + dimension + ")";
    }
  }

  /** Copies the inputs. */
  public SlideEncoderInfo {
    inputs = List.copyOf(inputs);
  }

  /**
   * Checks that tiles are what this encoder was trained on.
   *
   * @throws SlideEncoderMismatchException naming what differs or is not known, and the fix
   */
  public void require(SlideFeatures tiles) {
    if (!inputs.isEmpty()) {
      requireEncoder(tiles);
    }
    if (needsCoords && tiles.coords().length == 0) {
      throw mismatch(tiles, "needs the places of the tiles, which are not there");
    }
    if (needsCoords && !(tiles.level0Size() > 0)) {
      throw mismatch(
          tiles,
          "needs the edge of a tile in level-0 pixels, which is not known: state it"
              + " (SlideFeatures.Builder.level0Size)");
    }
    if (tileSize > 0 && tiles.tileSize() == 0 || mpp > 0 && !(tiles.mpp() > 0)) {
      throw mismatch(
          tiles,
          "needs %s, but the tiles do not say theirs: state it (SlideFeatures.Builder.tileSize and"
                  .formatted(resolution(tileSize, mpp))
              + " mpp)");
    }
    boolean size = tileSize == 0 || tiles.tileSize() == tileSize;
    boolean scale = mpp == 0 || Math.abs(tiles.mpp() / mpp - 1) <= MPP_TOLERANCE;
    if (!size || !scale) {
      throw mismatch(
          tiles,
          "needs %s, not %s: embed the slide with these"
              .formatted(
                  resolution(tileSize, mpp),
                  resolution(tileSize == 0 ? 0 : tiles.tileSize(), mpp == 0 ? 0 : tiles.mpp())));
    }
  }

  private void requireEncoder(SlideFeatures tiles) {
    String accepted = inputs.stream().map(Input::toString).collect(Collectors.joining(" or "));
    if (tiles.encoder().isEmpty()) {
      throw mismatch(
          tiles,
          "needs features of "
              + accepted
              + ", but the tiles do not say their patch encoder: state it"
              + " (SlideFeatures.Builder.encoder)");
    }
    boolean known =
        inputs.stream()
            .anyMatch(
                input ->
                    input.encoder().equalsIgnoreCase(tiles.encoder())
                        && (tiles.feature().isEmpty() || input.feature().equals(tiles.feature()))
                        && input.dimension() == tiles.dimension());
    if (!known) {
      String given =
          tiles.encoder()
              + " ("
              + (tiles.feature().isEmpty() ? "" : tiles.feature() + ", ")
              + tiles.dimension()
              + ")";
      throw mismatch(tiles, "needs features of " + accepted + ", not of " + given);
    }
  }

  private SlideEncoderMismatchException mismatch(SlideFeatures tiles, String what) {
    return new SlideEncoderMismatchException(
        "Slide encoder '%s' cannot take the tiles of '%s': it %s."
            .formatted(name, tiles.name(), what));
  }

  private static String resolution(int tileSize, double mpp) {
    String size = tileSize == 0 ? "tiles" : "tiles of " + tileSize + " pixels";
    return mpp == 0 ? size : size + " at " + Math.round(mpp * 1e4) / 1e4 + " um per pixel";
  }
}
