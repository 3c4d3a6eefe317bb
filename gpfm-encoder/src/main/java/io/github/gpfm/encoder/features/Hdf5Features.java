package io.github.gpfm.encoder.features;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.ProvenanceJson;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/**
 * HDF5. The library lays out the whole file with rows of zeros (one row object for all, so that
 * memory does not grow with their number) and the features are then written over them.
 */
final class Hdf5Features implements FeatureFormat {
  static final String FEATURES = "features";
  static final String COORDS = "coords";
  static final String PATCHES = "gpfm_patches";
  static final String PROVENANCE = "gpfm_provenance";

  @Override
  public String name() {
    return "h5";
  }

  @Override
  public FeatureWriter create(Path file, FeatureHeader header) {
    if (header.rows() == 0) {
      throw new OutputException("HDF5 holds no table without rows: " + file + " is not written.");
    }
    return RowFile.create(file, header, null, (part, current) -> prepare(part, current, file));
  }

  private static long prepare(Path part, FeatureHeader header, Path file) throws IOException {
    float[] zeros = new float[header.dimension()];
    Object features = Collections.nCopies(header.rows(), zeros).toArray(float[][]::new);
    if (header.patches() > 0) {
      float[][] row = Collections.nCopies(header.patches(), zeros).toArray(float[][]::new);
      features = Collections.nCopies(header.rows(), row).toArray(float[][][]::new);
    }
    long[][] coords = new long[header.rows()][];
    long[] flat = header.coords();
    for (int i = 0; i < coords.length; i++) {
      coords[i] = new long[] {flat[2 * i], flat[2 * i + 1]};
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    try (WritableHdfFile hdf = HdfFile.write(part)) {
      WritableDataset c = hdf.putDataset(COORDS, coords);
      header.coordsAttributes().forEach(c::putAttribute);
      WritableDataset f = hdf.putDataset(FEATURES, features);
      f.putAttribute("name", header.name());
      f.putAttribute("encoder", header.encoder());
      if (header.patches() > 0) {
        f.putAttribute(PATCHES, (long) header.patches());
      }
      f.putAttribute("savetodir", folder == null ? "" : folder.toString());
      f.putAttribute("gpfm_version", header.provenance().producer());
      for (Map.Entry<String, String> entry : header.provenance().entries().entrySet()) {
        if (entry.getKey().endsWith("sha256")) {
          f.putAttribute("gpfm_" + entry.getKey().replace('.', '_'), entry.getValue());
        }
      }
      f.putAttribute(PROVENANCE, ProvenanceJson.write(header.provenance()));
    } catch (HdfException e) {
      throw new IOException(e.getMessage(), e);
    }
    try (HdfFile hdf = new HdfFile(part)) {
      if (hdf.getDatasetByPath(FEATURES) instanceof ContiguousDataset features32) {
        return hdf.getUserBlockSize() + features32.getDataAddress();
      }
      throw new IOException("the features were not laid out in one piece");
    } catch (HdfException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public FeatureReader open(Path file) {
    return Hdf5FeatureReader.open(file);
  }
}
