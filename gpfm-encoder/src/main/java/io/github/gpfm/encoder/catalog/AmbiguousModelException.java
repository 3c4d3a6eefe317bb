package io.github.gpfm.encoder.catalog;

import java.util.List;

/** A weight file fits several models, and none was named. */
public class AmbiguousModelException extends CatalogException {
  private static final long serialVersionUID = 1L;

  private final List<String> models;

  /**
   * @param message one sentence that names file and models
   * @param models their names
   */
  public AmbiguousModelException(String message, List<String> models) {
    super(message);
    this.models = List.copyOf(models);
  }

  /** Names of the models that fit. */
  public List<String> models() {
    return models;
  }
}
