package io.github.gpfm.eval.linalg;

import io.github.gpfm.api.InvalidOptionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the implementation once. */
final class LinearAlgebras {
  private static final String PROPERTY = "gpfm.eval.linalg";

  private LinearAlgebras() {}

  private static final class Holder {
    static final LinearAlgebra CHOSEN = choose(System.getProperty(PROPERTY, ""));
  }

  static LinearAlgebra inUse() {
    return Holder.CHOSEN;
  }

  static LinearAlgebra choose(String wish) {
    return switch (wish) {
      case "plain" -> new PlainLinearAlgebra();
      case "nd4j" -> new Nd4jLinearAlgebra();
      case "" -> nd4jOrPlain();
      default ->
          throw new InvalidOptionException(
              "-D" + PROPERTY + "=" + wish + " is unknown; choose 'nd4j' or 'plain'");
    };
  }

  // ND4J reports missing natives by several kinds of errors, some of them LinkageErrors.
  private static LinearAlgebra nd4jOrPlain() {
    Logger log = LoggerFactory.getLogger(LinearAlgebra.class);
    try {
      return new Nd4jLinearAlgebra();
    } catch (LinkageError | RuntimeException e) {
      log.info("ND4J is not on the class path ({}): plain Java linear algebra", e.toString());
      return new PlainLinearAlgebra();
    }
  }
}
