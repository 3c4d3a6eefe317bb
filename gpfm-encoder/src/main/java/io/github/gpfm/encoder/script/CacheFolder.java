package io.github.gpfm.encoder.script;

import io.github.gpfm.api.EncoderException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Where native libraries are unpacked when the home folder cannot be written. DJL would take a
 * folder of a fixed name in the shared temporary folder, where another user may have laid libraries
 * of his own; this one belongs to the user alone or is not used.
 */
final class CacheFolder {
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  private CacheFolder() {}

  /**
   * A private folder, if one is needed.
   *
   * @param home the user's home folder
   * @param temporary the shared temporary folder
   * @param user the user's name
   * @return empty if the home folder can be written, or the system has no shared temporary folder
   * @throws EncoderException if the folder is there and another user can write into it
   */
  static Optional<Path> privateOne(Path home, Path temporary, String user) {
    if (Files.isWritable(home)
        || !FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return Optional.empty();
    }
    Path folder = temporary.resolve("gpfm-" + user.replaceAll("[^A-Za-z0-9_-]", "_"));
    try {
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN));
      } catch (FileAlreadyExistsException e) {
        requireOwn(folder, temporary);
      }
      return Optional.of(folder);
    } catch (IOException e) {
      throw new EncoderException(
          "Neither %s nor %s can be written; set -D%s=DIR to a folder for native libraries."
              .formatted(home, folder, Engines.CACHE),
          e);
    }
  }

  private static void requireOwn(Path folder, Path temporary) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path probe = Files.createTempFile(temporary, "gpfm", "");
    String self;
    try {
      self = Files.getOwner(probe).getName();
    } finally {
      Files.delete(probe);
    }
    if (!found.isDirectory()
        || !found.owner().getName().equals(self)
        || !OWN.containsAll(found.permissions())) {
      throw new EncoderException(
          "%s is not a folder that belongs to this user alone; native libraries are not loaded from it: remove it or set -D%s=DIR."
              .formatted(folder, Engines.CACHE));
    }
  }
}
