package io.github.gpfm.support.hdf5;

import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Printable;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An HDF5 file from a stranger, open for reading. Every failure is an exception of the budget's
 * kind. Used by one thread at a time.
 */
public final class Hdf5Input implements AutoCloseable {
  private static final String KIND = "an HDF5 file";

  /** Up to here a file is read at once; the library then takes no memory beyond it. */
  private static final long WHOLE = 16 << 20;

  private final HdfFile hdf;
  private final Budget budget;
  private final long length;

  private Hdf5Input(HdfFile hdf, Budget budget, long length) {
    this.hdf = hdf;
    this.budget = budget;
    this.length = length;
  }

  /**
   * Opens a file.
   *
   * @param budget what reading it may cost, and whose exceptions are thrown
   */
  public static Hdf5Input open(Path file, Budget budget) {
    BoundedDeflate.install();
    return budget.open(
        KIND,
        () -> {
          long length = Files.size(file);
          HdfFile hdf = open(file, length);
          Hdf5Input input = new Hdf5Input(hdf, budget, length);
          try {
            input.requireWhole();
            return input;
          } catch (Throwable e) {
            hdf.close();
            throw e;
          }
        });
  }

  /**
   * The library takes memory as a length in the file says, before it looks whether the file is that
   * long; from a buffer it takes none.
   */
  private static HdfFile open(Path file, long length) throws IOException {
    if (length <= WHOLE) {
      return HdfFile.fromBytes(Files.readAllBytes(file));
    }
    if (length < Integer.MAX_VALUE) {
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
        return HdfFile.fromByteBuffer(mapped);
      }
    }
    return new HdfFile(file);
  }

  private void requireWhole() {
    long stated = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
    if (length < stated) {
      throw budget.damaged(
          "it is truncated and has %d of %d bytes".formatted(length, stated), null);
    }
  }

  /** A dataset of the file's root, if it is there. */
  public Optional<Hdf5Table> table(String name) {
    return budget.open(
        KIND,
        () ->
            hdf.getChild(name) instanceof Dataset dataset
                ? Optional.of(table(dataset))
                : Optional.empty());
  }

  /** The datasets of a group of the file's root, by name; none if it is not there. */
  public Map<String, Hdf5Table> tables(String group) {
    return budget.open(
        KIND,
        () -> {
          Map<String, Hdf5Table> tables = new LinkedHashMap<>();
          if (hdf.getChild(group) instanceof Group children) {
            for (Node child : children) {
              budget.objects(1);
              budget.name(child.getName().length(), "a dataset's name");
              if (child instanceof Dataset dataset) {
                tables.put(Printable.of(child.getName()), table(dataset));
              }
            }
          }
          return tables;
        });
  }

  private Hdf5Table table(Dataset dataset) {
    return new Hdf5Table(dataset, budget, length);
  }

  @Override
  public void close() {
    hdf.close();
  }
}
