package io.github.gpfm.eval.mil;

import io.github.gpfm.eval.EvaluationException;

/** What a network over bags is trained for. */
public sealed interface Objective {
  /** Number of outputs of the network. */
  int outputs();

  /**
   * Cross-entropy over classes.
   *
   * @param classes number of classes, at least 2
   */
  record Classification(int classes) implements Objective {
    /** Checks the number. */
    public Classification {
      if (classes < 2) {
        throw new EvaluationException("a classification needs two classes, not " + classes);
      }
    }

    @Override
    public int outputs() {
      return classes;
    }
  }

  /**
   * Negative log likelihood of discrete hazards.
   *
   * @param bins number of intervals, 4 in the paper
   * @param alpha weight of the uncensored part, 0 in the paper
   */
  record DiscreteSurvival(int bins, double alpha) implements Objective {
    /** The paper's: four bins, alpha 0. */
    public static DiscreteSurvival paper() {
      return new DiscreteSurvival(4, 0);
    }

    @Override
    public int outputs() {
      return bins;
    }
  }

  /**
   * Cox's partial likelihood. One bag carries no information, so a step sees several.
   *
   * @param casesPerStep cases compared in one step, at least 2
   */
  record Cox(int casesPerStep) implements Objective {
    /** Checks the number. */
    public Cox {
      if (casesPerStep < 2) {
        throw new EvaluationException(
            "Cox's likelihood compares cases; a step needs two or more, not " + casesPerStep);
      }
    }

    @Override
    public int outputs() {
      return 1;
    }
  }

  /**
   * Mean squared error of numbers; targets that are NaN do not count.
   *
   * @param targets how many numbers a case has
   */
  record Regression(int targets) implements Objective {
    /** Checks the number. */
    public Regression {
      atLeastOne(targets);
    }

    @Override
    public int outputs() {
      return targets;
    }
  }

  /**
   * Binary cross-entropy of labels that do not exclude each other; targets that are NaN do not
   * count.
   *
   * @param labels how many labels a case has
   */
  record MultiLabel(int labels) implements Objective {
    /** Checks the number. */
    public MultiLabel {
      atLeastOne(labels);
    }

    @Override
    public int outputs() {
      return labels;
    }
  }

  private static void atLeastOne(int targets) {
    if (targets < 1) {
      throw new EvaluationException("a case needs a target to predict");
    }
  }
}
