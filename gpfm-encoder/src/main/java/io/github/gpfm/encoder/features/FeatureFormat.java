package io.github.gpfm.encoder.features;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.support.Services;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file format for features. Further formats are found through {@link java.util.ServiceLoader}.
 */
public interface FeatureFormat {
  /**
   * HDF5 as CLAM and TRIDENT read it: {@code coords} int64 [n, 2], {@code features} [n, d]; for
   * patch tokens [n, patches, d], which those two do not read.
   */
  FeatureFormat HDF5 = new Hdf5Features();

  /**
   * NumPy: {@code NAME.npy} float32 [n, d] or [n, patches, d], and {@code NAME-coords.npy} int64
   * [n, 2].
   */
  FeatureFormat NPY = new NpyFeatures();

  /** Safetensors with the tensors {@code coords} and {@code features}. */
  FeatureFormat SAFETENSORS = new SafetensorsFeatures();

  /**
   * PyTorch: {@code NAME.pt}, the tensor [n, d] or [n, patches, d] alone as CLAM loads it, and
   * {@code NAME-coords.npy}.
   */
  FeatureFormat TORCH = new TorchFeatures();

  /** Name and file extension, lower case, for instance {@code h5}. */
  String name();

  /** Whether a file tells what its features were made of ({@link FeatureReader#provenance}). */
  default boolean keepsProvenance() {
    return true;
  }

  /**
   * Starts a file. It appears under its name only by {@link FeatureWriter#commit()}.
   *
   * @param file where to; its folder is made if it is missing
   * @param header everything that is known before the first feature
   * @throws io.github.gpfm.api.OutputException if the file cannot be written or the disk has too
   *     little space for all rows
   */
  FeatureWriter create(Path file, FeatureHeader header);

  /**
   * Opens a file of this format.
   *
   * @throws io.github.gpfm.api.GpfmException if it is missing, damaged or holds no features
   */
  FeatureReader open(Path file);

  /** The formats on the class path. */
  static List<FeatureFormat> all() {
    List<FeatureFormat> formats = new ArrayList<>(List.of(HDF5, NPY, SAFETENSORS, TORCH));
    formats.addAll(Services.load(FeatureFormat.class, FeatureFormat.class).found());
    return formats;
  }

  /**
   * The format of a name or file extension.
   *
   * @throws InvalidOptionException if there is none
   */
  static FeatureFormat of(String name) {
    List<FeatureFormat> formats = all();
    String wanted = name.toLowerCase(Locale.ROOT);
    for (FeatureFormat format : formats) {
      if (format.name().equals(wanted) || wanted.equals("hdf5") && format == HDF5) {
        return format;
      }
    }
    throw new InvalidOptionException(
        "There is no feature format '"
            + name
            + "': choose one of "
            + String.join(", ", formats.stream().map(FeatureFormat::name).toList())
            + ".");
  }
}
