package io.github.gpfm.support;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Recipe;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of results while a run works on it. It knows who else works there and refuses a run of
 * another recipe beside a live one, hands out claims on single results, remembers the hashes of
 * files, and removes what killed runs left. Its own files are in the hidden folder {@value
 * #FOLDER}. Thread-safe.
 */
public final class RunStore implements AutoCloseable {
  /** The hidden folder beside the results. */
  public static final String FOLDER = ".gpfm";

  private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);
  private static final String LOCK = ".lock";
  private static final Map<Path, Recipe> LIVE_HERE = new ConcurrentHashMap<>();

  private final Path folder;
  private final Path own;
  private final Path cache;
  private final FileHashes hashes;
  private @Nullable FileClaim run;
  private @Nullable Path runFile;
  private @Nullable FileClaim whole;

  private RunStore(Path folder, Path own) {
    this.folder = folder;
    this.own = own;
    this.cache = own.resolve("hashes.tsv");
    this.hashes = FileHashes.in(cache);
  }

  /**
   * Opens the folder, made if need be, and removes what ended runs left half-written.
   *
   * @throws OutputException if that cannot be done
   */
  public static RunStore open(Path folder) {
    try {
      Path own = Files.createDirectories(folder.toAbsolutePath().resolve(FOLDER)).toRealPath();
      PartFile.removeStale(folder);
      return new RunStore(folder.toRealPath(), own);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  /** The folder of the results. */
  public Path folder() {
    return folder;
  }

  /** Hashes of files, remembered beside the results. */
  public FileHashes hashes() {
    return hashes;
  }

  /**
   * Says what this run does here. Runs of the same recipe may share the folder; a run of another
   * recipe beside a live one is refused, since their results would be mixed.
   *
   * @param recipe what all results of the run have in common
   * @throws OutputException naming the other run and the first entry that differs
   */
  public void begin(Recipe recipe) {
    try {
      FolderMutex.of(own)
          .run(
              () -> {
                for (Map.Entry<String, Recipe> other : others().entrySet()) {
                  requireSame(other.getKey(), other.getValue(), recipe);
                }
                Owner self = Owner.self();
                int random = ThreadLocalRandom.current().nextInt();
                Path file =
                    own.resolve(
                        "run-%s-%d-%08x%s".formatted(self.hostId(), self.pid(), random, LOCK));
                run =
                    FileClaim.attempt(file, write(recipe))
                        .claim()
                        .orElseThrow(() -> new IOException(file + " is taken"));
                runFile = file;
                LIVE_HERE.put(file, recipe);
              });
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  private void requireSame(String who, Recipe other, Recipe recipe) {
    Decision decision = Decision.of(recipe, true, Optional.of(other));
    if (decision.kind() != Decision.Kind.SAME) {
      throw new OutputException(
              "Another run (%s) is writing to %s, but made otherwise (%s): wait for its end or choose another folder."
                  .formatted(who, folder, decision.describe()))
          .about("output");
    }
  }

  /** The recipes of other live runs by who they are; what dead ones left is removed. */
  private Map<String, Recipe> others() throws IOException {
    Map<String, Recipe> others = new LinkedHashMap<>();
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(own, "run-*" + LOCK)) {
      found.forEach(files::add);
    }
    String ours = "run-%s-%d-".formatted(Owner.self().hostId(), Owner.self().pid());
    for (Path file : files) {
      if (file.getFileName().toString().startsWith(ours)) {
        // To open a file of this process and close it again would release its lock.
        Recipe live = LIVE_HERE.get(file);
        if (live != null) {
          others.put("in this process", live);
        }
        continue;
      }
      String text = Files.readString(file);
      FileClaim.Attempt attempt = FileClaim.attempt(file, "");
      attempt.claim().ifPresent(FileClaim::close);
      if (attempt.claim().isEmpty()) {
        others.put(attempt.holder(), read(text));
      }
    }
    return others;
  }

  private static String write(Recipe recipe) {
    StringBuilder text = new StringBuilder();
    recipe
        .entries()
        .forEach(
            (name, value) ->
                text.append(name)
                    .append('\t')
                    .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n'));
    return text.toString();
  }

  private static Recipe read(String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    text.lines()
        .skip(1)
        .forEach(
            line -> {
              int tab = line.indexOf('\t');
              if (tab > 0) {
                entries.put(line.substring(0, tab), line.substring(tab + 1).translateEscapes());
              }
            });
    return Recipe.of(entries);
  }

  /**
   * Asks for the claim on one result; does not wait.
   *
   * @param name of the result, for instance the slide's
   * @throws OutputException if the folder cannot be written
   */
  public FileClaim.Attempt claim(String name) {
    try {
      // A hash, since names may be longer than a file name with a suffix, or hold odd characters.
      return FileClaim.attempt(own.resolve(Sha256.of(name).substring(0, 24) + LOCK), name + "\n");
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  /**
   * Keeps what a file was made of beside it, for formats that have no room for it.
   *
   * @throws OutputException if that cannot be written
   */
  public void remember(Path file, Recipe recipe) {
    try {
      AtomicFile.text(record(file), recordStamp(file) + "\n" + write(recipe));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(record(file), e);
    }
  }

  /** What was remembered of a file, if it is still the same file. */
  public Optional<Recipe> recall(Path file) {
    try {
      String text = Files.readString(record(file));
      return text.lines().findFirst().filter(recordStamp(file)::equals).map(stamp -> read(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What was remembered of a file, even if somebody has changed it since. */
  public Optional<Recipe> remembered(Path file) {
    try {
      return Optional.of(read(Files.readString(record(file))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Drops what was remembered of a file, before it is made again.
   *
   * @throws OutputException if that cannot be done
   */
  public void forget(Path file) {
    try {
      Files.deleteIfExists(record(file));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(record(file), e);
    }
  }

  private Path record(Path file) {
    return own.resolve(Sha256.of(String.valueOf(file.getFileName())).substring(0, 24) + ".recipe");
  }

  /** What a copy of the folder keeps too, so that it need not be made again. */
  private static String recordStamp(Path file) throws IOException {
    return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }

  /**
   * Claims the whole folder, until this is closed, for a run that shares it with nobody.
   *
   * @param work what is going on there, for the message: {@code training}
   * @throws OutputException if another run has it
   */
  public void claimAll(String work) {
    FileClaim.Attempt attempt = claim("");
    whole =
        attempt
            .claim()
            .orElseThrow(
                () ->
                    new OutputException(
                            "Another run is %s in '%s' (%s): wait for its end or choose another folder."
                                .formatted(work, folder, attempt.holder()))
                        .about("output"));
  }

  /**
   * Does something with a file that runs share, while no other run does.
   *
   * @throws OutputException if that cannot be done
   */
  public void exclusively(Runnable action) {
    try {
      FolderMutex.of(own).run(action::run);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  /** Ends the run here; results and hashes stay. A folder without either is removed. */
  @Override
  public void close() {
    if (run != null) {
      run.close();
      run = null;
    }
    if (whole != null) {
      whole.close();
      whole = null;
    }
    if (runFile != null) {
      LIVE_HERE.remove(runFile);
      runFile = null;
    }
    try {
      FolderMutex mutex = FolderMutex.of(own);
      mutex.run(
          () -> {
            boolean results = !holdsOnly(folder, List.of(own));
            if (holdsOnly(own, results ? List.of(mutex.file()) : List.of(mutex.file(), cache))) {
              Files.deleteIfExists(cache);
              mutex.remove();
              Files.deleteIfExists(own);
              if (!results) {
                Files.deleteIfExists(folder);
              }
            }
          });
    } catch (IOException e) {
      LOG.debug("{} is left as it is: {}", own, e.getMessage());
    }
  }

  private static boolean holdsOnly(Path folder, List<Path> expected) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.allMatch(expected::contains);
    }
  }
}
