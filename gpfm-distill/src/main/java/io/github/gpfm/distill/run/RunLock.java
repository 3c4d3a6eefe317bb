package io.github.gpfm.distill.run;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a run's folder to one program at a time; the system lets go of it when that ends. */
final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
  private static final String NAME = ".lock";

  private final FileChannel channel;

  /**
   * @throws OutputException if another run has the folder, or it cannot be written
   */
  RunLock(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
    if (!lock(file)) {
      close();
      throw new OutputException(
          "Another run is training in '%s'; wait for its end or choose another --out."
              .formatted(folder));
    }
  }

  private boolean lock(Path file) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      LOG.warn("{} cannot be locked ({}): see to it that one run uses it", file, e.getMessage());
      return true;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("A run's lock cannot be closed: {}", e.getMessage());
    }
  }
}
