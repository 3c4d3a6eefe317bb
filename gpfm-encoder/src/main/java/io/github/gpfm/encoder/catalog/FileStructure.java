package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessing.Resize;
import io.github.gpfm.encoder.vit.FeedForward;
import io.github.gpfm.encoder.vit.PositionResampling;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.image.Interpolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file that is of no model of the catalogue as a vision transformer of the structure that
 * it shows, and says what it does not show and is assumed.
 *
 * @param file the weights
 * @param heads attention heads, where they are given
 * @param state which of the networks in the file
 */
record FileStructure(WeightFile file, OptionalInt heads, Optional<String> state) {
  private static final Logger LOG = LoggerFactory.getLogger(FileStructure.class);
  private static final String HUB = "hf-";
  private static final String TIMM = "timm";

  /** The layouts in which a network is looked for. */
  private static final List<String> LAYOUTS =
      List.of("dinov2", "dinov2-swiglu", TIMM, "hf-vit", "hf-dinov2", "hf-dinov2-swiglu");

  /** What transformers resizes to unless told otherwise. */
  private static final int HUB_EDGE = 224;

  /** The card of that structure; empty if the file shows none. */
  Optional<ModelCard> card(Map<String, List<Long>> shapes) {
    List<String> layouts = new ArrayList<>(LAYOUTS);
    Optional<TimmConfig> timm = TimmConfig.of(file.folder());
    if (timm.isPresent()) {
      layouts.remove(TIMM);
      layouts.add(0, TIMM);
    }
    return layouts.stream()
        .flatMap(
            layout ->
                form(layout)
                    .withSizesOf(shapes, state)
                    .filter(card -> card.check(shapes, state).fits())
                    .stream())
        .findFirst()
        .map(card -> completed(card, timm.filter(any -> card.layout().name().equals(TIMM))));
  }

  /** A form whose sizes are a file's; the tiles are those of GPFM. */
  private static ModelCard form(String layout) {
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
            layout.startsWith(HUB)
                ? PositionResampling.PLAIN
                : layout.equals(TIMM)
                    ? PositionResampling.ANTIALIAS
                    : PositionResampling.PLAIN_OFFSET,
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

  /** The card with what shapes do not tell: stated beside the file, asked for, or assumed. */
  private ModelCard completed(ModelCard card, Optional<TimmConfig> timm) {
    List<String> assumed = new ArrayList<>();
    Path folder = file.folder();
    VitArchitecture vit = (VitArchitecture) card.architecture();
    boolean hub = card.layout().configJson();
    VitArchitecture known =
        vit.with(vit.heads(), vit.normEps(), vit.feedForward(), resampling(vit));
    known = withHeads(known, statedHeads(vit, hub, timm), assumed);
    if (hub) {
      known = (VitArchitecture) HuggingFaceConfig.applied(known, folder);
    }
    if (timm.isPresent()) {
      known = timm.get().applied(known);
    }
    boolean gateShown = !card.layout().name().equals(TIMM);
    if (known.feedForward() == FeedForward.SWIGLU && !gateShown) {
      assumed.add("a SiLU gate");
    }
    Optional<Preprocessing> stated = StatedPreprocessing.of(folder);
    Preprocessing preprocessing = stated.orElse(usual(card.layout().name(), known));
    if (stated.isEmpty()) {
      assumed.add(describe(preprocessing));
    }
    assumed.add("tiles of %d px at %s um/px".formatted(card.tileSize(), card.mpp()));
    ModelCard complete = card.withStructure(known, preprocessing);
    VitArchitecture network = known;
    ModelCard found =
        timm.flatMap(TimmConfig::feature)
            .filter(network.features()::contains)
            .map(complete::withFeature)
            .orElse(complete);
    LOG.warn(
        "Weight file '{}' fits no model of the catalogue; it is read as {} (tensor names: {}; feature: {})."
            + " Assumed: {}. Name a model if it is one.",
        file.path(),
        known.describe(),
        card.layout().name(),
        found.feature().label(),
        String.join(", ", assumed));
    return found;
  }

  private static PositionResampling resampling(VitArchitecture vit) {
    return vit.registers() > 0 ? PositionResampling.ANTIALIAS : vit.positionResampling();
  }

  /** The heads asked for, else stated, else likely. */
  private VitArchitecture withHeads(VitArchitecture vit, OptionalInt stated, List<String> assumed) {
    if (heads.isPresent() && stated.isPresent() && stated.getAsInt() != heads.getAsInt()) {
      throw new InvalidOptionException(
          "heads is %d, but weight file '%s' states %d; leave heads out."
              .formatted(heads.getAsInt(), file.path(), stated.getAsInt()));
    }
    int number = heads.orElse(stated.orElse(vit.heads()));
    if (number < 1 || vit.width() % number != 0) {
      throw new InvalidOptionException(
          "%d attention heads do not divide the width %d.".formatted(number, vit.width()));
    }
    if (heads.isEmpty() && stated.isEmpty()) {
      assumed.add(number + " attention heads");
    }
    return vit.with(number, vit.normEps(), vit.feedForward(), vit.positionResampling());
  }

  /** The heads that shapes, the file's metadata or a configuration beside it state. */
  private OptionalInt statedHeads(VitArchitecture vit, boolean hub, Optional<TimmConfig> timm) {
    if (vit.variant().qkNorm()) {
      return OptionalInt.of(vit.heads());
    }
    OptionalInt beside =
        hub
            ? HuggingFaceConfig.heads(file.folder())
            : timm.map(TimmConfig::heads).orElse(OptionalInt.empty());
    return beside.isPresent() ? beside : HuggingFaceConfig.heads(file.metadata());
  }

  /** Without a statement beside the file: what is usual with weights of these names. */
  private static Preprocessing usual(String layout, VitArchitecture vit) {
    int edge = vit.patchSize() * vit.grid();
    if (!layout.startsWith(HUB)) {
      return Preprocessing.exact(edge);
    }
    int input = !layout.equals("hf-vit") && HUB_EDGE % vit.patchSize() == 0 ? HUB_EDGE : edge;
    return new Preprocessing(
        Resize.SHORT_SIDE,
        input,
        Interpolation.BILINEAR,
        input,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD);
  }

  private static String describe(Preprocessing preprocessing) {
    return "a %s resize to %d px, normalized as ImageNet"
        .formatted(Sizes.label(preprocessing.interpolation()), preprocessing.inputSize());
  }
}
