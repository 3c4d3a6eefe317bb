package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideEncoderInfo.Input;
import io.github.gpfm.encoder.catalog.Architecture;
import io.github.gpfm.encoder.catalog.EncoderProviders;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelCard;
import io.github.gpfm.encoder.catalog.ModelCatalog;
import io.github.gpfm.encoder.catalog.WeightsReport;
import io.github.gpfm.encoder.slide.SlideEncoders;
import io.github.gpfm.encoder.slide.SlideModel;
import io.github.gpfm.encoder.weights.WeightFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gpfm models}: what the catalogue has, and which of it a weight file is. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "List the models whose weight files can be opened.",
    subcommands = {ModelsCommand.Show.class, ModelsCommand.Check.class})
final class ModelsCommand implements Callable<Integer> {
  @Mixin private CatalogOptions catalog;

  @Spec private CommandSpec spec;

  /** Where models come from. */
  static final class CatalogOptions {
    @Option(
        names = "--catalog",
        paramLabel = "FILE.yaml",
        description = "Models of your own beside the built-in ones; see docs/models.md.")
    private Path file;

    ModelCatalog open() {
      return file == null ? Encoders.catalog() : Encoders.catalog().with(file);
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String row = "%-19s %5s  %10s  %-42s  %s%n";
    out.printf(row, "name", "dim", "tile", "licence", "architecture");
    for (ModelCard card : catalog.open().cards()) {
      out.printf(
          row,
          card.name(),
          card.dimension(),
          tile(card),
          abbreviated(card.licence(), 42),
          card.architecture().describe());
    }
    EncoderProviders.all()
        .forEach(
            (name, provider) ->
                out.printf("%-19s provided by another jar: %s%n", name, provider.describe(name)));
    out.println();
    slideEncoders(out);
    out.println(
        "Tiles are pixels at um/px. 'gpfm models show NAME' has pages, papers and caveats.");
    out.flush();
    return 0;
  }

  private static void slideEncoders(PrintWriter out) {
    String row = "%-19s %5s  %10s  %-42s  %s%n";
    out.printf(row, "slide encoder", "dim", "tile", "of features of", "architecture");
    out.printf(row, SlideEncoders.MEAN, "", "any", "any encoder", "mean of the tiles' features");
    for (SlideModel model : SlideEncoders.models()) {
      SlideEncoderInfo info = model.info();
      out.printf(
          row,
          model.name(),
          info.dimension() == 0 ? "" : info.dimension(),
          info.tileSize() + " @ " + (info.mpp() == 0 ? "any" : info.mpp()),
          info.inputs().stream().map(Input::encoder).collect(Collectors.joining(", ")),
          info.architecture());
    }
  }

  private static String tile(ModelCard card) {
    return String.format(Locale.ROOT, "%d @ %s", card.tileSize(), card.mpp());
  }

  private static String abbreviated(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  /** {@code gpfm models show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print all that is known of a model: files, page, licence, preprocessing.")
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "As 'gpfm models' lists it.")
    private String name;

    @Mixin private CatalogOptions catalog;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      Optional<SlideModel> slideModel =
          SlideEncoders.models().stream()
              .filter(model -> model.name().equalsIgnoreCase(name))
              .findFirst();
      if (slideModel.isEmpty() || catalog.open().has(name)) {
        patchEncoder(out, catalog.open().find(name));
      }
      slideModel.ifPresent(model -> slideEncoder(out, model));
      out.flush();
      return 0;
    }

    private static void slideEncoder(PrintWriter out, SlideModel model) {
      SlideEncoderInfo info = model.info();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("slide encoder", model.name());
      facts.put("title", model.title());
      facts.put("architecture", info.architecture());
      facts.put("features", model.features());
      facts.put("dimension", info.dimension() == 0 ? "that of the tiles" : info.dimension());
      facts.put("of features of", info.inputs());
      facts.put("tile", info.tileSize() + " @ " + (info.mpp() == 0 ? "any" : info.mpp()));
      facts.put("places count", info.needsCoords() ? "yes" : "no");
      facts.put("files", String.join(", ", model.files()));
      facts.put("page", model.page());
      facts.put("licence", info.licence());
      facts.put("citation", model.citation());
      facts.put("checked", model.check());
      print(out, facts);
    }

    private static void print(PrintWriter out, Map<String, Object> facts) {
      facts.forEach((fact, value) -> out.printf("%-14s %s%n", fact, value));
    }

    private static void patchEncoder(PrintWriter out, ModelCard card) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("name", card.name());
      facts.put("title", card.title());
      facts.put("architecture", card.architecture().describe());
      facts.put("feature", card.feature().label() + ", " + card.dimension() + " values");
      facts.put("features", card.architecture().features().stream().map(f -> f.label()).toList());
      facts.put("tile", tile(card) + " um/px");
      facts.put("resize", card.preprocessing().resize() + " " + card.preprocessing().size());
      facts.put("interpolation", card.preprocessing().interpolation());
      facts.put("input", card.preprocessing().inputSize() + " pixels");
      facts.put("mean", card.preprocessing().mean());
      facts.put("std", card.preprocessing().std());
      facts.put("tensor names", card.layout().name());
      facts.put("files", String.join(", ", card.files()));
      facts.put("page", card.page());
      facts.put("licence", card.licence());
      facts.put("citation", card.citation());
      facts.put("checked", card.check());
      print(out, facts);
      card.unconfirmed().forEach(text -> out.printf("%-14s %s%n", "unconfirmed", text));
    }
  }

  /** {@code gpfm models check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Name the models a weight file can be of, by the names and shapes of its tensors.",
        "Exit code 1 if it fits none; then what is missing, extra or of another shape is named."
      })
  static final class Check implements Callable<Integer> {
    private static final int NEAREST = 3;
    private static final int NAMES = 4;

    @Parameters(paramLabel = "FILE", description = "A .pth, .bin or .safetensors file.")
    private Path file;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "Compare with this model only and name every tensor at fault.")
    private String model;

    @Mixin private CatalogOptions catalog;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      ModelCatalog models = catalog.open();
      Optional<ModelCard> asked = Optional.ofNullable(model).map(models::find);
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      WeightFile.open(file).tensors().forEach((name, t) -> shapes.put(name, t.shape()));
      if (shapes.isEmpty()) {
        throw new InvalidOptionException("'" + file + "' holds no tensors; name a weight file.");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%s: %d tensors%n", file, shapes.size());
      boolean fits = asked.isPresent() ? one(out, asked.get(), shapes) : any(out, models, shapes);
      out.flush();
      return fits ? 0 : 1;
    }

    private static boolean one(PrintWriter out, ModelCard card, Map<String, List<Long>> shapes) {
      WeightsReport report = card.check(shapes);
      report.missing().forEach(name -> out.println("missing         " + name));
      report.extra().forEach(name -> out.println("extra           " + name));
      report.misShaped().forEach(tensor -> out.println("another shape   " + tensor));
      out.println((report.fits() ? "fits " : "does not fit ") + card.name());
      return report.fits();
    }

    private static boolean any(
        PrintWriter out, ModelCatalog models, Map<String, List<Long>> shapes) {
      List<WeightsReport> reports = models.identify(shapes);
      List<WeightsReport> fitting = reports.stream().filter(WeightsReport::fits).toList();
      for (WeightsReport report : fitting) {
        ModelCard card = models.find(report.model());
        String what = card.fittedTo(shapes).architecture().describe();
        out.printf("fits %s (%s): %s%n", card.name(), card.title(), what);
      }
      if (!fitting.isEmpty()) {
        return true;
      }
      out.println("fits no model of the catalogue");
      List<ModelCard> alike = models.resembling(shapes);
      if (!alike.isEmpty()) {
        structure(out, models, alike);
        Set<String> names = alike.stream().map(ModelCard::name).collect(Collectors.toSet());
        // Sizes decide the counts; the names of the family come first all the same.
        reports =
            reports.stream()
                .sorted(Comparator.comparing(report -> !names.contains(report.model())))
                .toList();
      }
      String row = "%-19s %8s %8s %14s%n";
      out.printf(row, "compared with", "missing", "extra", "another shape");
      for (WeightsReport report : reports) {
        out.printf(
            row,
            report.model(),
            report.missing().size(),
            report.extra().size(),
            report.misShaped().size());
      }
      for (WeightsReport report : reports.subList(0, Math.min(NEAREST, reports.size()))) {
        out.printf("nearest: %s: %s%n", report.model(), report.describe(NAMES));
      }
      return false;
    }

    /** What a file holds that has a known kind of network in sizes of its own. */
    private static void structure(PrintWriter out, ModelCatalog models, List<ModelCard> alike) {
      Architecture found = alike.get(0).architecture();
      String names = String.join(", ", alike.stream().map(ModelCard::name).limit(NAMES).toList());
      out.printf("structure (heads are a guess): %s%n", found.describe());
      out.printf(
          models.keepsItsFamily(alike.get(0))
              ? "family: that of %s (%s), but in other sizes%n"
              : "family: none of the catalogue; the tensor names are those of %s (%s)%n",
          names,
          models.keepsItsFamily(alike.get(0)) ? found.family() : alike.get(0).layout().name());
    }
  }
}
