package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.mil.MilKind;
import java.util.Optional;

/**
 * What a slide task may train: a network over bags, or a linear model on a slide's mean feature.
 */
enum HeadKind {
  ABMIL(MilKind.ABMIL),
  GATED_ABMIL(MilKind.GATED_ABMIL),
  MEAN(MilKind.MEAN),
  MAX(MilKind.MAX),
  CLAM_SB(MilKind.CLAM_SB),
  DSMIL(MilKind.DSMIL),
  TRANSMIL(MilKind.TRANSMIL),
  DTFD(MilKind.DTFD),
  PANTHER(MilKind.PANTHER),
  HMIL(MilKind.HMIL),
  FOCUS(MilKind.FOCUS),
  LINEAR(null),
  COXNET(null);

  private final Optional<MilKind> network;

  HeadKind(@org.jspecify.annotations.Nullable MilKind network) {
    this.network = Optional.ofNullable(network);
  }

  /** The network; empty for a linear model. */
  Optional<MilKind> network() {
    return network;
  }

  /** Whether a type of task can train it. */
  boolean fits(TaskType type) {
    return switch (type) {
      case WSI_CLASSIFICATION -> this != COXNET;
      case SURVIVAL -> !onlyClasses();
      default -> this != COXNET && !onlyClasses();
    };
  }

  private boolean onlyClasses() {
    return network.map(MilKind::onlyClasses).orElse(false);
  }

  boolean isLinear() {
    return network.isEmpty();
  }
}
