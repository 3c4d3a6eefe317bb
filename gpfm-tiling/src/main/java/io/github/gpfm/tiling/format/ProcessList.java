package io.github.gpfm.tiling.format;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.yaml.NearestName;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.internal.CsvFile;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * CLAM's process list ({@code process_list_autogen.csv}): a row a slide with its own parameters.
 * Empty cells and missing columns take the defaults; columns that this library does not use are
 * kept and written back.
 */
public final class ProcessList {
  /**
   * One slide.
   *
   * @param slideId {@code slide_id}: file name, or path relative to the slides' folder
   * @param process {@code process}: whether it is to be processed
   * @param status {@code status}: {@code tbp} (to be processed), {@code processed}, {@code
   *     already_exist}, {@code failed_seg} or what the user wrote
   * @param segmentation parameters of the segmentation
   * @param usePadding {@code use_padding}
   * @param contourTest {@code contour_fn}
   * @param other further columns by name, in order; unmodifiable
   */
  public record Entry(
      String slideId,
      boolean process,
      String status,
      SegmentationParameters segmentation,
      boolean usePadding,
      ContourTest contourTest,
      Map<String, String> other) {
    /** Copies the further columns. */
    public Entry {
      other = Collections.unmodifiableMap(new LinkedHashMap<>(other));
    }

    /** A slide to be processed with the given parameters. */
    public static Entry of(
        String slideId,
        SegmentationParameters segmentation,
        boolean usePadding,
        ContourTest contourTest) {
      return new Entry(slideId, true, "tbp", segmentation, usePadding, contourTest, Map.of());
    }

    /** The same slide when it is done: not to be processed again. */
    public Entry done(String newStatus) {
      return new Entry(slideId, false, newStatus, segmentation, usePadding, contourTest, other);
    }
  }

  private static final List<String> KNOWN =
      List.of(
          "slide_id",
          "process",
          "status",
          "seg_level",
          "sthresh",
          "mthresh",
          "close",
          "use_otsu",
          "keep_ids",
          "exclude_ids",
          "a_t",
          "a_h",
          "max_n_holes",
          "use_padding",
          "contour_fn");

  private ProcessList() {}

  /**
   * Reads a list.
   *
   * @param file CSV with at least the column {@code slide_id}
   * @param defaults what fills empty cells; its slide and status are not used
   * @throws TilingException if the file is missing or a cell cannot be understood
   */
  public static List<Entry> read(Path file, Entry defaults) {
    if (!Files.isRegularFile(file)) {
      throw new TilingException("There is no process list " + file + ".");
    }
    try (Reader reader = Budget.of(file, TilingException::new).text(file);
        CSVParser csv =
            CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .get()
                .parse(reader)) {
      if (!csv.getHeaderNames().contains("slide_id")) {
        throw new TilingException(file + " lacks the column slide_id.");
      }
      if (csv.getHeaderNames().contains("a") && !csv.getHeaderNames().contains("a_t")) {
        throw new TilingException(
            file + " is of CLAM's oldest kind with a column 'a': give 'a_t' in its place.");
      }
      requireSpelt(file, csv.getHeaderNames());
      List<Entry> entries = new ArrayList<>();
      for (CSVRecord row : csv) {
        try {
          entries.add(entry(new Cells(row), defaults));
        } catch (IllegalArgumentException | GpfmException e) {
          throw new TilingException(
              file + ", row " + row.getRecordNumber() + ": " + e.getMessage(), e);
        }
      }
      return entries;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new TilingException(
          file + " is not a readable process list (" + e.getMessage() + ").", e);
    }
  }

  /** Other columns are allowed, but one that was meant to be a known one would have no effect. */
  private static void requireSpelt(Path file, List<String> columns) {
    for (String column : columns) {
      if (!KNOWN.contains(column)) {
        NearestName.slipOf(column, KNOWN)
            .ifPresent(
                name -> {
                  throw new TilingException(
                      "%s has a column '%s', which has no effect: call it '%s' if that is meant, else something else."
                          .formatted(file, column, name));
                });
      }
    }
  }

  private static Entry entry(Cells cells, Entry defaults) {
    SegmentationParameters base = defaults.segmentation();
    SegmentationParameters segmentation =
        new SegmentationParameters(
            cells.integer("seg_level", base.segLevel()),
            cells.integer("sthresh", base.sthresh()),
            cells.integer("mthresh", base.mthresh()),
            cells.integer("close", base.close()),
            cells.bool("use_otsu", base.useOtsu()),
            cells.number("a_t", base.aT()),
            cells.number("a_h", base.aH()),
            cells.integer("max_n_holes", base.maxNHoles()),
            cells.ids("keep_ids", base.keepIds()),
            cells.ids("exclude_ids", base.excludeIds()));
    String test = cells.text("contour_fn");
    Map<String, String> other = new LinkedHashMap<>();
    cells
        .row()
        .toMap()
        .forEach(
            (name, value) -> {
              if (!KNOWN.contains(name)) {
                other.put(name, value);
              }
            });
    Map<String, String> ordered = new LinkedHashMap<>();
    cells.row().getParser().getHeaderNames().stream()
        .filter(other::containsKey)
        .forEach(name -> ordered.put(name, other.getOrDefault(name, "")));
    String status = cells.text("status");
    return new Entry(
        cells.text("slide_id"),
        cells.number("process", 1) == 1,
        status.isEmpty() ? "tbp" : status,
        segmentation,
        cells.bool("use_padding", defaults.usePadding()),
        test.isEmpty() ? defaults.contourTest() : ContourTest.of(test),
        ordered);
  }

  /** The cells of one row; what pandas writes for "nothing" counts as empty. */
  private record Cells(CSVRecord row) {
    private static final Set<String> EMPTY = Set.of("nan", "none", "null", "na");

    String text(String name) {
      return row.isSet(name) ? row.get(name) : "";
    }

    private boolean empty(String name) {
      String text = text(name);
      return text.isEmpty() || EMPTY.contains(text.toLowerCase(Locale.ROOT));
    }

    double number(String name, double otherwise) {
      if (empty(name)) {
        return otherwise;
      }
      try {
        return Double.parseDouble(text(name));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " must be a number, not " + text(name) + ".", e);
      }
    }

    int integer(String name, int otherwise) {
      double value = number(name, otherwise);
      if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(name + " must be a whole number, not " + value + ".");
      }
      return (int) value;
    }

    boolean bool(String name, boolean otherwise) {
      if (empty(name)) {
        return otherwise;
      }
      return switch (text(name).toLowerCase(Locale.ROOT)) {
        case "true", "1", "1.0" -> true;
        case "false", "0", "0.0" -> false;
        default ->
            throw new IllegalArgumentException(
                name + " must be True or False, not " + text(name) + ".");
      };
    }

    List<Integer> ids(String name, List<Integer> otherwise) {
      if (text(name).equalsIgnoreCase("none")) {
        return List.of();
      }
      if (empty(name)) {
        return otherwise;
      }
      try {
        return Arrays.stream(text(name).split(","))
            .map(id -> new BigDecimal(id.trim()).intValueExact())
            .toList();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException(
            name + " must be none or numbers with commas, not " + text(name) + ".", e);
      }
    }
  }

  /**
   * Writes a list that CLAM's scripts read.
   *
   * @throws io.github.gpfm.api.OutputException if the file cannot be written
   */
  public static void write(Path file, List<Entry> entries) {
    Set<String> others = new LinkedHashSet<>();
    entries.forEach(entry -> others.addAll(entry.other().keySet()));
    List<String> header = new ArrayList<>(KNOWN);
    header.addAll(others);
    CsvFile.write(
        file,
        header,
        csv -> {
          for (Entry entry : entries) {
            Map<String, String> cells = cells(entry);
            csv.printRecord(header.stream().map(name -> cells.getOrDefault(name, "")));
          }
        });
  }

  private static Map<String, String> cells(Entry entry) {
    Map<String, String> cells = new LinkedHashMap<>(entry.other());
    cells.put("slide_id", entry.slideId());
    cells.put("process", entry.process() ? "1" : "0");
    cells.put("status", entry.status());
    cells.putAll(entry.segmentation().toMap());
    cells.put("use_otsu", python(entry.segmentation().useOtsu()));
    cells.put("use_padding", python(entry.usePadding()));
    cells.put("contour_fn", entry.contourTest().label());
    return cells;
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }
}
