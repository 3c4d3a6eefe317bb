package io.github.gpfm.api;

/** The evidence for a slide's resolution, strongest first. */
public enum MppSource {
  /** Given by the caller ({@link SlideOptions#mpp()}); overrides everything in the file. */
  USER("user"),
  /** A property in which the scanner's vendor states the resolution. */
  VENDOR("vendor"),
  /** The TIFF resolution tags with a physical unit. */
  TIFF_RESOLUTION("tiff-resolution"),
  /** {@code PhysicalSizeX/Y} of OME-XML. */
  OME_XML("ome-xml"),
  /** {@code PixelSpacing} of DICOM. */
  DICOM("dicom"),
  /** Derived from the objective power: 40x is taken as 0.25, 20x as 0.5 µm per pixel. */
  OBJECTIVE_POWER("objective-power");

  private final String label;

  MppSource(String label) {
    this.label = label;
  }

  /** The name used in JSON and tables, lower case with dashes. */
  public String label() {
    return label;
  }
}
