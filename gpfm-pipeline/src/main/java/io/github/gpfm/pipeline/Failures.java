package io.github.gpfm.pipeline;

import io.github.gpfm.api.GpfmException;

/** Failures of single slides as exceptions. */
final class Failures {
  private Failures() {}

  /** The result, or the failure that it holds. */
  static SlideResult rethrow(SlideResult result) {
    if (result.failure().isEmpty()) {
      return result;
    }
    Throwable failure = result.failure().get();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    throw new GpfmException(result.slide() + ": " + failure.getMessage(), failure);
  }
}
