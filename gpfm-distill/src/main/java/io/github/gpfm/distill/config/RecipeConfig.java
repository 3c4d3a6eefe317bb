package io.github.gpfm.distill.config;

import io.github.gpfm.support.Content;
import io.github.gpfm.support.yaml.Default;
import java.util.List;

/**
 * Ingredients that later work added to the distillation from experts and from oneself. {@link
 * #GPFM} has none of them: the step is then the official one.
 *
 * @param standardize how experts' tokens are standardized before they are learned, from a first
 *     pass over the tiles (PHI-S, arXiv 2410.01680)
 * @param standardizeTiles tiles of that pass
 * @param classLoss losses between class tokens
 * @param patchLoss losses between patch tokens
 * @param balance how the experts' terms are brought to one size (AdaLoss, arXiv 1708.06832)
 * @param balanceMomentum of the running means it uses
 * @param teacherDrop chance to leave an expert out of an image's loss, unless the image's loss is
 *     largest for it (UNIC, arXiv 2408.05088); 0 for never
 * @param ladder blocks of the student, from 1, whose tokens the projectors read (UNIC's ladder of
 *     projectors, which are left behind after the training); empty for GPFM's heads on the last
 *     block alone
 * @param ladderHidden hidden size of the projectors of all blocks but the last
 * @param ladderLastHidden hidden size of the last block's projectors
 * @param nested dimensions at which features may be cut: the first 64, 128, … values of a token
 *     learn from the experts too (Matryoshka, arXiv 2205.13147; Pathryoshka, arXiv 2511.23204)
 * @param gramExpert the expert whose patch tokens' similarities are kept, usually an earlier
 *     teacher of the same run (DINOv3's Gram anchoring, arXiv 2508.10104); empty for none
 * @param gramWeight weight of that term
 * @param gramRemoveNegative whether negative similarities count as 0
 * @param frozenTeacher a pretrained network with its heads that teaches the DINO and iBOT terms
 *     instead of the momentum teacher (H0-mini, arXiv 2501.16239): a {@code .pth} as an earlier run
 *     exported; empty for the momentum teacher
 * @param ibotPatches which patches the iBOT term is over
 * @param globalSizes edges of the global crops, one drawn for each step (AM-RADIO, arXiv
 *     2312.06709); empty for {@code crops.global-size} alone
 */
public record RecipeConfig(
    @Default("none") Standardize standardize,
    @Default("2048") int standardizeTiles,
    @Default("{cosine: 1.0, smooth-l1: 0.0, squared: 0.0}") LossMix classLoss,
    @Default("{cosine: 0.9, smooth-l1: 0.1, squared: 0.0}") LossMix patchLoss,
    @Default("none") Balance balance,
    @Default("0.99") double balanceMomentum,
    @Default("0.0") double teacherDrop,
    @Default("[]") List<Integer> ladder,
    @Default("768") int ladderHidden,
    @Default("3072") int ladderLastHidden,
    @Default("[]") List<Integer> nested,
    @Default("''") String gramExpert,
    @Default("1.0") double gramWeight,
    @Default("false") boolean gramRemoveNegative,
    @Default("''") @Content String frozenTeacher,
    @Default("masked") IbotPatches ibotPatches,
    @Default("[]") List<Integer> globalSizes) {
  /** The official step. */
  public static final RecipeConfig GPFM =
      new RecipeConfig(
          Standardize.NONE,
          2048,
          LossMix.GPFM_CLASS,
          LossMix.GPFM_PATCH,
          Balance.NONE,
          0.99,
          0,
          List.of(),
          768,
          3072,
          List.of(),
          "",
          1,
          false,
          "",
          IbotPatches.MASKED,
          List.of());

  /** Ways to standardize tokens. */
  public enum Standardize {
    /** As the expert gives them. */
    NONE,
    /** Their mean is taken out. */
    MEAN,
    /** Their mean is taken out, and one scale makes the mean variance 1. */
    ISOTROPIC,
    /** Every value has mean 0 and variance 1. */
    DIMENSION,
    /**
     * PHI-S: mean 0, rotated so that every value has the same variance, and one scale that makes it
     * 1.
     */
    PHI_S
  }

  /** Ways to weigh the experts' terms. */
  public enum Balance {
    /** By the configured weights alone. */
    NONE,
    /** Each term is divided by its running mean before it is weighted. */
    ADALOSS
  }

  /** Patches that the iBOT term is over. */
  public enum IbotPatches {
    /** The masked ones. */
    MASKED,
    /** All, and none is masked: distillation from a frozen teacher as DINOv2 and H0-mini do it. */
    ALL
  }

  /** Copies the lists. */
  public RecipeConfig {
    ladder = List.copyOf(ladder);
    nested = List.copyOf(nested);
    globalSizes = List.copyOf(globalSizes);
  }

  /** Whether the experts' terms are computed image by image, by other than the official program. */
  public boolean changesTerms() {
    return !classLoss.equals(LossMix.GPFM_CLASS)
        || !patchLoss.equals(LossMix.GPFM_PATCH)
        || balance != Balance.NONE
        || teacherDrop > 0
        || !ladder.isEmpty()
        || !nested.isEmpty()
        || hasGram();
  }

  /** Whether there is a Gram term. */
  public boolean hasGram() {
    return !gramExpert.isEmpty();
  }

  /** Whether a frozen network teaches the DINO and iBOT terms. */
  public boolean hasFrozenTeacher() {
    return !frozenTeacher.isEmpty();
  }
}
