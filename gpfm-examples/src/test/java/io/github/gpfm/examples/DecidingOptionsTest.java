package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.sample.SyntheticSlide;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every option of the commands that keep results: changed alone, it makes the result again and is
 * named, or it decides nothing and the result is there already. An option that is added must be
 * entered here.
 */
class DecidingOptionsTest {
  private static final String GRID = "--tile-size 64 --mpp 1";
  private static final String NETWORK = GRID + " --segmenter model --segmenter-model a.pt";

  /** What every command has. */
  private static final Set<String> GENERAL =
      Set.of("--help", "--version", "--stacktrace", "--out", "--overwrite");

  private static final Map<String, Class<?>> COMMANDS =
      Map.of(
          "tile", TileCommand.class,
          "embed", EmbedCommand.class,
          "extract", ExtractCommand.class,
          "cache", CacheCommand.class);

  @TempDir Path temp;

  private final Map<String, Try> tries = new LinkedHashMap<>();
  private final Map<String, Path> made = new HashMap<>();
  private Path slide;
  private int runs;

  /**
   * One option changed.
   *
   * @param before what is given first
   * @param after what is given then
   * @param entry what the reason names; empty if the result stays
   */
  private record Try(String before, String after, String entry) {}

  @BeforeEach
  void prepare() throws IOException {
    slide = temp.resolve("one.tif");
    new SyntheticSlide(3, 1600, 1400, 0.5, SyntheticSlide.Compression.DEFLATE)
        .write(slide, ProgressListener.NONE);
    Files.writeString(temp.resolve("a.geojson"), square(900));
    TissueNetworkFile.write(temp.resolve("a.pt"), "3.");
    TissueNetworkFile.write(temp.resolve("b.pt"), "2.");
    Files.writeString(temp.resolve("list.csv"), "slide_id,process,sthresh\none.tif,1,11\n");
    BufferedImage mask = new BufferedImage(90, 80, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 70 * 70; i++) {
      mask.getRaster().setSample(i % 70, i / 70, 0, 255);
    }
    ImageIO.write(mask, "png", temp.resolve("mask.png").toFile());
  }

  private static String square(int to) {
    return """
        {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":
        [[[0,0],[%1$d,0],[%1$d,%1$d],[0,%1$d],[0,0]]]}}"""
        .formatted(to);
  }

  /** The option is added to others. */
  private void decides(String option, String others, String value, String entry) {
    tries.put(option, new Try(others, others + " " + value, entry));
  }

  private void changes(String option, String before, String after, String entry) {
    tries.put(option, new Try(before, after, entry));
  }

  private void decidesNothing(String option, String value) {
    tries.put(option, new Try(GRID, GRID + " " + value, ""));
  }

  private void readers() {
    decides("--reader", GRID, "--reader builtin", "reader: nothing → builtin");
    decides("--slide-mpp", GRID, "--slide-mpp 0.6", "mpp: nothing → 0.6");
    decides("--series", GRID, "--series 0", "series: nothing → 0");
    decides("--allow-incomplete", GRID, "--allow-incomplete", "incomplete: nothing → true");
  }

  private void lists() {
    readers();
    decidesNothing("--recursive", "--recursive");
    decidesNothing("--glob", "--glob *.tif");
    decides("--process-list", GRID, "--process-list list.csv", "segmenter.sthresh: 8 → 11");
  }

  private void tissue() {
    decides("--segmenter", GRID, "--segmenter otsu", "segmenter: clam → otsu");
    decides("--mask", GRID, "--mask mask.png", "segmenter: clam → mask");
    changes("--segmenter-model", NETWORK, NETWORK.replace("a.pt", "b.pt"), "model.file: a.pt (");
    decides("--segmenter-size", NETWORK, "--segmenter-size 64", "size: 512 → 64");
    decides("--segmenter-mpp", NETWORK, "--segmenter-mpp 6", "mpp: 8.0 → 6.0");
    changes(
        "--preset",
        GRID + " --a-t 1 --a-h 1",
        GRID + " --a-t 1 --a-h 1 --preset tcga",
        "segmenter.");
    decides("--seg-level", GRID, "--seg-level 0", "segmenter.seg_level: ");
    decides("--sthresh", GRID, "--sthresh 9", "segmenter.sthresh: 8 → 9");
    decides("--mthresh", GRID, "--mthresh 5", "segmenter.mthresh: 7 → 5");
    decides("--close", GRID, "--close 3", "segmenter.close: 4 → 3");
    decides("--use-otsu", GRID, "--use-otsu", "segmenter.use_otsu: false → true");
    decides("--a-t", GRID, "--a-t 0.5", "segmenter.a_t: ");
    decides("--a-h", GRID, "--a-h 0.5", "segmenter.a_h: ");
    decides("--max-n-holes", GRID, "--max-n-holes 3", "segmenter.max_n_holes: 8 → 3");
  }

  private void grids() throws IOException {
    for (String name : List.of("a", "b")) {
      Path made = temp.resolve("given-" + name);
      run(
          "tile",
          "one.tif " + GRID + " --no-pictures" + (name.equals("b") ? " --overlap 8" : ""),
          made);
      Files.copy(made.resolve("one.h5"), temp.resolve(name + ".h5"));
    }
    decides("--patch-level", "--patch-size 64", "--patch-level 1", "tiler.patch_level: 0 → 1");
    decides("--patch-size", "--step-size 128", "--patch-size 128", "tiler.patch_size: 256 → 128");
    decides("--step-size", "--patch-size 128", "--step-size 64", "tiler.step_size: 128 → 64");
    decides("--use-padding", GRID, "--no-use-padding", "tiler.border: ");
    decides("--contour-fn", GRID, "--contour-fn center", "tiler.test: ");
    changes("--tile-size", GRID, "--tile-size 48 --mpp 1", "tiler.tile_size: 64 → 48");
    changes("--mpp", GRID, "--tile-size 64 --mpp 2", "tiler.resolution: ");
    changes("--magnification", GRID, "--tile-size 64 --magnification 5", "tiler.resolution: ");
    decides("--overlap", GRID, "--overlap 16", "tiler.overlap: 0 → 16");
    decides("--min-tissue", GRID, "--min-tissue 0.4", "tiler.test: ");
    decides("--roi", GRID, "--roi a.geojson", "tiler.roi: nothing → a.geojson (");
    changes("--coords", "--coords a.h5", "--coords b.h5", "tiler.");
  }

  private void choice() {
    decides("--qc", GRID, "--qc blur", "scores: [] → [BLUR]");
    decides("--filter", GRID, "--filter tissue_fraction>=0.3", "quality.filter: nothing → ");
    decides("--max-tiles", GRID, "--max-tiles 3", "quality.max_tiles: ");
    decides("--stratify-by", GRID + " --max-tiles 3", "--stratify-by tissue_fraction", "quality.");
    decides("--seed", GRID + " --max-tiles 3", "--seed 5", "seed: 0 → 5");
  }

  private static Set<String> options(String command) {
    CommandLine line = new CommandLine(COMMANDS.get(command));
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : line.getCommandSpec().options()) {
      names.add(option.longestName().replace("--no-", "--"));
    }
    names.removeAll(GENERAL);
    return names;
  }

  private CommandRun run(String command, String options, Path out) {
    List<String> args = new ArrayList<>(List.of(command));
    for (String word : (options + " --out " + out).trim().split(" +")) {
      Path file = temp.resolve(word);
      args.add(Files.exists(file) ? file.toString() : word);
    }
    return CommandRun.of(args);
  }

  /** Runs a command twice with one output, and says what the second run said. */
  private String second(String command, Try one) throws IOException {
    Path first = made.get(one.before);
    if (first == null) {
      first = temp.resolve("first-" + made.size());
      made.put(one.before, first);
      run(command, one.before, first).succeeded();
    }
    Path out = temp.resolve("out-" + runs++);
    try (Stream<Path> files = Files.walk(first)) {
      for (Path file : files.toList()) {
        Files.copy(file, out.resolve(first.relativize(file)));
      }
    }
    CommandRun second = run(command, one.after, out);
    return second.out() + second.err();
  }

  /**
   * @param covered options that need no try here
   */
  private void check(String command, String input, Set<String> covered) throws IOException {
    Set<String> all = new TreeSet<>(tries.keySet());
    all.addAll(covered);
    assertEquals(options(command), all, "an option of this command has no decision here");
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Try> entry : tries.entrySet()) {
      Try one = entry.getValue();
      String said =
          second(command, new Try(input + " " + one.before, input + " " + one.after, one.entry));
      boolean other = said.contains(": made again: ") || said.contains("other options (");
      boolean there = said.contains("there already, skipped") || said.contains("were there)");
      if (one.entry.isEmpty() ? !there : !other || !said.contains(one.entry)) {
        wrong.add(entry.getKey() + " (" + one.entry + "): " + said);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void tile() throws IOException {
    lists();
    tissue();
    grids();
    choice();
    decides("--layout", GRID, "--layout clam", "layout: ");
    decidesNothing("--damaged", "--damaged skip");
    decidesNothing("--workers", "--workers 1");
    decidesNothing("--stage", "--stage " + temp.resolve("copies"));
    tries.put("--stage-bytes", staged("--stage-bytes 100000000"));
    // Files beside the result are made where they are missing. A network's content is tried by
    // --segmenter-model; the published networks need their authors' files.
    check(
        "tile",
        "one.tif --no-pictures",
        Set.of("--segmenter-weights", "--pictures", "--mosaic", "--table", "--tiles-geojson"));
  }

  @Test
  void embed() throws IOException {
    Path weights = Fixtures.cases("weights/orig_mod.pth");
    Files.copy(weights, temp.resolve("w.pth"));
    Files.copy(Fixtures.cases("weights/lightning_backbone.pth"), temp.resolve("l.pth"));
    String one = Files.readString(Fixtures.cases("weights/catalog.yaml"));
    String other = one.substring(one.indexOf("  - ")).replace("&base", "").replace("tinytimm", "b");
    Files.writeString(temp.resolve("c.yaml"), one + "\n" + other);
    Files.writeString(temp.resolve("d.yaml"), one + "\n" + other + "\n# changed\n");
    String named = GRID + " --weights w.pth --catalog c.yaml --model tinytimm";
    changes("--weights", GRID, GRID + " --weights l.pth", "weights.sha256: ");
    changes("--model", named, named.replace("tinytimm", "b"), "encoder: tinytimm → b");
    decides("--feature", named, "--feature mean-patch-token", "feature: ");
    changes("--catalog", named, named.replace("c.yaml", "d.yaml"), "catalog: ");
    decides("--layers", GRID, "--layers 0", "layers: nothing → [0]");
    decides("--heads", GRID + " --weights l.pth", "--heads 3", "heads: nothing → 3");
    decides("--precision", GRID, "--precision bfloat16", "precision: FLOAT32 → BFLOAT16");
    decides("--tokens", GRID, "--tokens mean", "tokens: ");
    decidesNothing("--batch-size", "--batch-size 1");
    decidesNothing("--device", "--device cpu");
    decidesNothing("--workers", "--workers 1");
    decidesNothing("--allow-non-finite", "--allow-non-finite");
    // A program is a file of weights with an input size; another format is another file.
    Set<String> covered = new TreeSet<>(options("tile"));
    covered.addAll(List.of("--program", "--input-size", "--state", "--format"));
    covered.removeAll(tries.keySet());
    check("embed", "one.tif --no-pictures --max-tiles 2", covered);
  }

  @Test
  void extract() throws IOException {
    readers();
    decides("--sthresh", GRID, "--sthresh 9", "segmenter.sthresh: 8 → 9");
    decides("--overlap", GRID, "--overlap 16", "tiler.overlap: 0 → 16");
    decides("--process-list", GRID, "--process-list list.csv", "slide.one.segmenter: ");
    decides("--shard-size", GRID, "--shard-size 7", "shard-size: 1000 → 7");
    decides("--format", GRID, "--format png", "encoding: Jpeg[quality=90] → Png[]");
    decides("--quality", GRID, "--quality 80", "encoding: ");
    decides("--sample", GRID, "--sample 5", "sample: all → 5");
    decides("--stratified", GRID + " --sample 5", "--stratified", "stratified: false → true");
    decides("--seed", GRID + " --sample 5", "--seed 3", "sample-seed: 0 → 3");
    decides("--skip-broken", GRID, "--skip-broken", "skip-broken: false → true");
    decidesNothing("--workers", "--workers 1");
    Set<String> covered = new TreeSet<>(options("tile"));
    covered.retainAll(options("extract"));
    covered.removeAll(
        List.of("--layout", "--pictures", "--mosaic", "--table", "--tiles-geojson", "--damaged"));
    covered.removeAll(tries.keySet());
    covered.add("--lossless");
    check("extract", "one.tif", covered);
    // The seed of no choice decides nothing.
    Path out = temp.resolve("seed");
    run("extract", "one.tif " + GRID, out);
    assertTrue(
        run("extract", "one.tif --seed 3 " + GRID, out).succeeded().out().contains("there)"));
  }

  @Test
  void cache() throws IOException {
    readers();
    decides("--slide-mpp", GRID, "--slide-mpp 0.6", "tiles.content: ");
    decides("--sthresh", GRID, "--sthresh 40", "tiles.");
    decides("--overlap", GRID, "--overlap 16", "tiles.keys: ");
    changes("--mpp", GRID, "--tile-size 64 --mpp 1.001", "tiles.content: ");
    decides("--class-only", GRID, "--class-only", "patch-tokens: true → false");
    decides("--bfloat16", GRID, "--bfloat16", "storage: ");
    decides("--components", GRID, "--components 4", "components: ");
    decides("--layers", GRID, "--layers 0", "layers: nothing → [0]");
    decides("--precision", GRID, "--precision bfloat16", "precision: FLOAT32 → BFLOAT16");
    decidesNothing("--batch-size", "--batch-size 1");
    decidesNothing("--device", "--device cpu");
    decidesNothing("--workers", "--workers 1");
    // What tile and embed share with it is described by the same records.
    Set<String> covered = new TreeSet<>(options("cache"));
    covered.retainAll(union("tile", "embed"));
    covered.removeAll(tries.keySet());
    check("cache", "--data one.tif --roi a.geojson", covered);
  }

  private Try staged(String option) {
    String before = GRID + " --stage " + temp.resolve("copies");
    return new Try(before, before + " " + option, "");
  }

  private static Set<String> union(String... commands) {
    Set<String> names = new TreeSet<>(List.of("--data"));
    List.of(commands).forEach(command -> names.addAll(options(command)));
    return names;
  }
}
