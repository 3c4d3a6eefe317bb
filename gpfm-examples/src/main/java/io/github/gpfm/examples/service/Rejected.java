package io.github.gpfm.examples.service;

/** A request that cannot be answered with a feature; has an HTTP status and a sentence. */
final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;

  Rejected(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
