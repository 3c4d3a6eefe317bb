package io.github.gpfm.slideio;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.slideio.internal.tiff.TiffReader;
import io.github.gpfm.slideio.internal.tiff.TiffTag;
import io.github.gpfm.support.FileHashes;
import io.github.gpfm.support.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All files that a slide consists of: those of its folder for MIRAX ({@code .mrxs}), Olympus
 * ({@code .vsi}) and Hamamatsu ({@code .vms}, {@code .vmu}), its series for DICOM, the files that
 * an OME-TIFF names, every file of a folder. What a slide's identity is made of.
 *
 * @param slide the path that is opened
 * @param files all of them, sorted
 */
public record SlideFiles(Path slide, List<Path> files) implements Described {
  private static final int HEAD = 1 << 16;
  private static final int LONGEST_XML = 1 << 24;
  private static final Pattern FILE_NAME =
      Pattern.compile("(?:FileName|MetadataFile)\\s*=\\s*[\"']([^\"']+)[\"']");

  /** Copies the list. */
  public SlideFiles {
    files = List.copyOf(files);
  }

  /**
   * Finds the files of a slide, without opening it as a slide.
   *
   * @throws SlideException if the path does not exist or cannot be read
   */
  public static SlideFiles of(Path slide) {
    if (!Files.exists(slide)) {
      throw new SlideException(slide, "There is no slide " + slide + ".");
    }
    try {
      TreeSet<Path> files = new TreeSet<>();
      if (Files.isDirectory(slide)) {
        addAll(files, slide, file -> true);
      } else {
        files.add(slide);
        companions(slide, files);
      }
      return new SlideFiles(slide, List.copyOf(files));
    } catch (IOException | UncheckedIOException e) {
      throw new SlideException(slide, slide + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private static void companions(Path slide, TreeSet<Path> files) throws IOException {
    String name = String.valueOf(slide.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot < 0 ? name : name.substring(0, dot);
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    switch (extension) {
      case "mrxs" -> addAll(files, slide.resolveSibling(stem), file -> true);
      case "vsi" -> addAll(files, slide.resolveSibling("_" + stem + "_"), file -> true);
      case "vms", "vmu" -> addSiblings(files, slide, file -> startsWith(file, stem));
      case "tif", "tiff", "tf2", "tf8", "btf", "ome" -> namedByOme(slide, files);
      default -> {
        byte[] head = head(slide);
        if (isDicom(head)) {
          Optional<String> series = series(head);
          addSiblings(files, slide, file -> isOfSeries(file, series));
        }
      }
    }
  }

  private static void addAll(TreeSet<Path> files, Path folder, Predicate<Path> chosen)
      throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(Files::isRegularFile).filter(chosen).forEach(files::add);
      }
    }
  }

  private static void addSiblings(TreeSet<Path> files, Path slide, Predicate<Path> chosen)
      throws IOException {
    Path folder = slide.toAbsolutePath().getParent();
    if (folder != null) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(Files::isRegularFile)
            .map(file -> slide.resolveSibling(file.getFileName()))
            .filter(chosen)
            .forEach(files::add);
      }
    }
  }

  private static boolean startsWith(Path file, String stem) {
    return file.getFileName().toString().startsWith(stem);
  }

  /**
   * An OME-TIFF may spread over files, which its OME-XML names; the OME-XML itself may be a file of
   * its own ({@code .companion.ome}), which the TIFF names or which stands for the slide.
   */
  private static void namedByOme(Path slide, TreeSet<Path> files) throws IOException {
    Deque<Path> unread = new ArrayDeque<>(List.of(slide));
    while (!unread.isEmpty()) {
      Matcher names = FILE_NAME.matcher(omeXml(unread.remove()));
      while (names.find()) {
        try {
          Path other = slide.resolveSibling(names.group(1));
          if (Files.isRegularFile(other) && files.add(other) && isXml(other)) {
            unread.add(other);
          }
        } catch (InvalidPathException e) {
          // A name that no file of this system can have belongs to nothing here.
          continue;
        }
      }
    }
  }

  private static boolean isXml(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".ome") || name.endsWith(".xml");
  }

  private static String omeXml(Path file) throws IOException {
    String text;
    if (isXml(file)) {
      try (var in = Files.newInputStream(file)) {
        text = new String(in.readNBytes(LONGEST_XML), StandardCharsets.UTF_8);
      }
    } else {
      try (SlideFile tiff = new SlideFile(file)) {
        text =
            TiffReader.recognises(tiff.readUpTo(0, 16))
                ? TiffReader.read(tiff).first().text(TiffTag.IMAGE_DESCRIPTION).orElse("")
                : "";
      } catch (SlideException e) {
        // Not a TIFF this library reads: whoever opens it says so.
        return "";
      }
    }
    return text.contains("<OME") || text.contains(":OME") ? text : "";
  }

  private static byte[] head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD);
    }
  }

  private static boolean isDicom(byte[] head) {
    return head.length > 132
        && new String(head, 128, 4, StandardCharsets.ISO_8859_1).equals("DICM");
  }

  private static boolean isOfSeries(Path file, Optional<String> series) {
    try {
      byte[] head = head(file);
      if (!isDicom(head)) {
        return false;
      }
      Optional<String> other = series(head);
      // Rather one file too many than one that is missed.
      return series.isEmpty() || other.isEmpty() || other.equals(series);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of (0020,000E) in the beginning of a file with explicit or implicit types. */
  private static Optional<String> series(byte[] head) {
    for (int i = 132; i + 8 < head.length; i++) {
      if (head[i] == 0x20 && head[i + 1] == 0 && head[i + 2] == 0x0e && head[i + 3] == 0) {
        boolean typed = head[i + 4] == 'U' && head[i + 5] == 'I';
        int at = typed ? i + 6 : i + 4;
        int length = (head[at] & 0xff) | (head[at + 1] & 0xff) << 8;
        int from = i + 8;
        if (length > 0 && length <= 64 && from + length <= head.length) {
          byte[] value = Arrays.copyOfRange(head, from, from + length);
          String text = new String(value, StandardCharsets.ISO_8859_1).replace("\0", "").strip();
          if (text.matches("[0-9.]+")) {
            return Optional.of(text);
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Text that changes when any of the files does, told by length, times and inode without reading
   * them.
   *
   * @throws SlideException if one of them has gone
   */
  public String stamp() {
    try {
      StringBuilder stamp = new StringBuilder();
      for (Path file : files) {
        stamp.append(file).append(' ').append(FileHashes.stamp(file)).append('\n');
      }
      return stamp.toString();
    } catch (IOException e) {
      throw new SlideException(
          slide, slide + " cannot be read any more (" + e.getMessage() + ").", e);
    }
  }

  /** The hash of all files as {@code slide.sha256}; the name is a note. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("slide.sha256", sha256(recipe::sha256))
        .note("slide.file", String.valueOf(slide.getFileName()));
  }

  /**
   * The hash of a single file, or of the names and hashes of several.
   *
   * @param hasher hashes one file
   * @throws io.github.gpfm.api.GpfmException if one cannot be read
   */
  public String sha256(Recipe.Hasher hasher) {
    if (files.size() == 1 && files.get(0).equals(slide)) {
      return hasher.sha256(slide);
    }
    Path base = Files.isDirectory(slide) ? slide : slide.toAbsolutePath().getParent();
    Sha256 all = new Sha256();
    for (Path file : files) {
      Path from = base == null || Files.isDirectory(slide) ? file : file.toAbsolutePath();
      String name = base == null ? file.toString() : base.relativize(from).toString();
      all.add(name.replace('\\', '/') + "\n" + hasher.sha256(file) + "\n");
    }
    return all.hex();
  }
}
