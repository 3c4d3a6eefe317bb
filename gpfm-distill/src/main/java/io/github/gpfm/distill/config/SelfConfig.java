package io.github.gpfm.distill.config;

/**
 * Self-distillation: DINO, KoLeo and iBOT.
 *
 * @param dinoWeight weight of the class-token terms; 0 switches DINO and KoLeo off
 * @param koleoWeight weight of the KoLeo regulariser
 * @param ibotWeight weight of the masked-patch term; 0 switches it off
 * @param centering how teacher logits become targets
 * @param studentTemperature of the student's softmax
 * @param centreMomentum of the running centres; 1 never updates them
 * @param pairing which view teaches which
 * @param head of the class tokens, and of the patches unless {@code separateIbotHead}
 * @param separateIbotHead whether the patches have a head of their own
 * @param ibotHead that head; unused when shared
 */
public record SelfConfig(
    double dinoWeight,
    double koleoWeight,
    double ibotWeight,
    Centering centering,
    double studentTemperature,
    double centreMomentum,
    Pairing pairing,
    HeadConfig head,
    boolean separateIbotHead,
    HeadConfig ibotHead) {
  /** Ways to keep the teacher from collapsing. */
  public enum Centering {
    /** Subtract a running mean of the logits. */
    CENTERING,
    /** Three Sinkhorn-Knopp iterations over the batch. */
    SINKHORN_KNOPP
  }

  /** Which global view is the target of which. */
  public enum Pairing {
    /** Each view learns from the other. */
    CROSSED,
    /** Each view learns from itself (an ablation). */
    SAME
  }
}
