package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideFeatures;
import io.github.gpfm.api.TextEncoder;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.slide.SlideFeatureFiles;
import io.github.gpfm.encoder.text.TextEncoders;
import io.github.gpfm.encoder.text.ZeroShotClasses;
import io.github.gpfm.encoder.text.ZeroShotClassifier;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.yaml.YamlBinder;
import io.github.gpfm.support.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm zeroshot}: tiles and words compared. */
@Command(
    name = "zeroshot",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Classify tiles and slides by classes described in words, or find the tiles a text describes.",
      "With --classes, per file: NAME.csv (probabilities of every tile) and NAME.png (a map); and"
          + " scores.csv (probabilities of every slide). With --query the nearest tiles are printed.",
      "The features are those of gpfm embed --model NAME, the model whose words are used."
    })
final class ZeroShotCommand implements Callable<Integer> {
  /** What is asked. */
  static final class Asked {
    @Option(
        names = "--classes",
        paramLabel = "F.yaml",
        description =
            "Classes in words: 'classes: {NAME: [words, …], …}' and 'templates: ['… {}']'.")
    private @Nullable Path classes;

    @Option(names = "--query", paramLabel = "TEXT", description = "Find tiles by this text.")
    private @Nullable String query;
  }

  @ParentCommand private Gpfm gpfm;

  @Parameters(
      arity = "1..*",
      paramLabel = "FEATURES",
      description = "Feature files of tiles, or folders of such files.")
  private List<Path> features;

  @Option(
      names = "--model",
      defaultValue = "plip",
      paramLabel = "NAME",
      description = "Whose words: plip (default).")
  private String model;

  @Option(names = "--weights", required = true, paramLabel = "F", description = "Its weight file.")
  private Path weights;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder of its vocab.json and merges.txt (default: that of the weights).")
  private @Nullable Path tokenizer;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Asked asked = new Asked();

  @Option(
      names = "--top",
      defaultValue = "100",
      paramLabel = "N",
      description =
          "With --classes: a slide's score is the mean of its N best tiles of a class; with --query:"
              + " how many tiles are printed (default 100).")
  private int top;

  @Option(names = "--out", paramLabel = "DIR", description = "With --classes: where files go.")
  private @Nullable Path out;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (default auto: a GPU if there is one).")
  private String device;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new InvalidOptionException("--top must be 1 or more, not " + top + ".");
    }
    Map<String, Path> files = FeatureFileList.of(features);
    if (asked.classes != null) {
      if (out == null) {
        throw new InvalidOptionException("--classes needs --out DIR.");
      }
      return classify(files, read(asked.classes), out);
    }
    if (out != null) {
      throw new InvalidOptionException("--out belongs to --classes; --query prints.");
    }
    return search(files, String.valueOf(asked.query));
  }

  private TextEncoder open() {
    Path beside = weights.toAbsolutePath().getParent();
    Path folder = tokenizer != null ? tokenizer : beside == null ? Path.of(".") : beside;
    return TextEncoders.open(model, weights, folder, ComputeDevice.parse(device));
  }

  private static ZeroShotClasses read(Path file) {
    try {
      return YamlBinder.strict().singleAsList().bind(YamlReader.file(file), ZeroShotClasses.class);
    } catch (IOException e) {
      throw new InvalidOptionException(
          "Class file '%s' cannot be read (%s); check the path.".formatted(file, e.getMessage()),
          e);
    }
  }

  private int classify(Map<String, Path> files, ZeroShotClasses described, Path folder) {
    ZeroShotClassifier classifier;
    try (TextEncoder encoder = open()) {
      classifier = ZeroShotClassifier.of(encoder, described);
    }
    StringBuilder scores = new StringBuilder("slide,tiles,class");
    classifier.names().forEach(name -> scores.append(',').append(quoted(name)));
    scores.append('\n');
    int exit = 0;
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try {
        SlideFeatures tiles = SlideFeatureFiles.read(file.getValue());
        float[][] cosines = classifier.cosines(tiles);
        double[] slide = classifier.probabilities(classifier.slideScore(cosines, top));
        ZeroShotTiles result = new ZeroShotTiles(classifier, tiles, cosines);
        AtomicFile.text(folder.resolve(file.getKey() + ".csv"), result.csv());
        result.writeMap(folder.resolve(file.getKey() + ".png"));
        scores.append(quoted(file.getKey())).append(',').append(tiles.count()).append(',');
        scores.append(quoted(classifier.names().get(ZeroShotTiles.best(slide))));
        for (double probability : slide) {
          scores.append(String.format(Locale.ROOT, ",%.6f", probability));
        }
        scores.append('\n');
        System.out.println(file.getKey() + ": " + result.describe(slide));
      } catch (GpfmException e) {
        System.err.println(Failures.describe(e));
        if (gpfm.stacktrace()) {
          e.printStackTrace();
        }
        exit = 1;
      }
    }
    AtomicFile.text(folder.resolve("scores.csv"), scores);
    return exit;
  }

  static String quoted(String text) {
    return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private record Found(double cosine, String slide, int tile, String place) {}

  private int search(Map<String, Path> files, String text) {
    List<Found> found = new ArrayList<>();
    try (TextEncoder encoder = open()) {
      float[] wanted = encoder.embed(List.of(text)).get(0);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        SlideFeatures tiles = SlideFeatureFiles.read(file.getValue());
        ZeroShotClassifier.require(tiles, encoder);
        float[] values = tiles.values();
        long[] coords = tiles.coords();
        for (int i = 0; i < tiles.count(); i++) {
          double cosine = ZeroShotClassifier.cosine(values, i * tiles.dimension(), wanted);
          String place = coords.length == 0 ? "" : coords[2 * i] + "," + coords[2 * i + 1];
          found.add(new Found(cosine, file.getKey(), i, place));
        }
      }
    }
    found.sort(Comparator.comparingDouble(Found::cosine).reversed());
    for (Found one : found.subList(0, Math.min(top, found.size()))) {
      System.out.printf(
          Locale.ROOT, "%.4f\t%s\t%d\t%s%n", one.cosine(), one.slide(), one.tile(), one.place());
    }
    return 0;
  }
}
