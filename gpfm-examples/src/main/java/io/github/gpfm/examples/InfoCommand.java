package io.github.gpfm.examples;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.slideio.StandardProperties;
import io.github.gpfm.support.Printable;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm info}: what a slide says about itself. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Show levels, resolution and properties of a slide.")
final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SLIDE", description = "A slide file, or the folder of a DICOM slide.")
  private Path slide;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--associated",
      paramLabel = "DIR",
      description = "Write label, macro and the other associated images to this folder as PNG.")
  private @Nullable Path associated;

  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    try (Slide open = readerOptions.open(slide)) {
      if (associated != null) {
        for (String name : open.associatedImageNames()) {
          // Names come from the file, which may not choose a place elsewhere.
          String safe = name.replaceAll("[^\\p{Alnum} _-]", "_");
          ImageFiles.writePng(associated.resolve(safe + ".png"), open.associatedImage(name));
        }
      }
      System.out.print(json ? Printable.json(json(open)) + System.lineSeparator() : text(open));
    }
    return 0;
  }

  private static String json(Slide slide) {
    StandardProperties standard = StandardProperties.of(slide);
    JsonObject json = new JsonObject();
    json.addProperty("reader", slide.reader());
    json.addProperty("vendor", slide.vendor());
    JsonArray levels = new JsonArray();
    for (SlideLevel level : slide.levels()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("width", level.width());
      entry.addProperty("height", level.height());
      entry.addProperty("downsample", level.downsample());
      Dimension tile = standard.tileSize(level.index()).orElse(null);
      entry.addProperty("tileWidth", tile == null ? null : tile.width);
      entry.addProperty("tileHeight", tile == null ? null : tile.height);
      levels.add(entry);
    }
    json.add("levels", levels);
    Mpp mpp = slide.mpp().orElse(null);
    json.addProperty("mppX", mpp == null ? null : mpp.x());
    json.addProperty("mppY", mpp == null ? null : mpp.y());
    json.addProperty("mppSource", mpp == null ? null : mpp.source().label());
    json.addProperty(
        "objectivePower",
        slide.objectivePower().isPresent() ? slide.objectivePower().getAsDouble() : null);
    json.addProperty(
        "iccProfileBytes", slide.iccProfile().map(profile -> profile.length).orElse(null));
    json.addProperty(
        "backgroundColor",
        standard.backgroundColor().isPresent()
            ? colour(standard.backgroundColor().getAsInt())
            : null);
    json.add("bounds", standard.bounds().<JsonElement>map(InfoCommand::json).orElse(null));
    JsonArray associated = new JsonArray();
    slide.associatedImageNames().forEach(associated::add);
    json.add("associatedImages", associated);
    JsonObject properties = new JsonObject();
    slide.properties().forEach(properties::addProperty);
    json.add("properties", properties);
    return new GsonBuilder()
        .setPrettyPrinting()
        .serializeNulls()
        .disableHtmlEscaping()
        .create()
        .toJson(json);
  }

  private static JsonObject json(Rectangle rectangle) {
    JsonObject json = new JsonObject();
    json.addProperty("x", rectangle.x);
    json.addProperty("y", rectangle.y);
    json.addProperty("width", rectangle.width);
    json.addProperty("height", rectangle.height);
    return json;
  }

  private static String colour(int rgb) {
    return String.format(Locale.ROOT, "#%06X", rgb);
  }

  private static String text(Slide slide) {
    StandardProperties standard = StandardProperties.of(slide);
    StringBuilder text = new StringBuilder();
    text.append("reader      ").append(slide.reader()).append('\n');
    text.append("vendor      ").append(Printable.of(slide.vendor())).append('\n');
    for (SlideLevel level : slide.levels()) {
      text.append(
          String.format(
              Locale.ROOT,
              "level %-5d %dx%d, downsample %.4g%s%n",
              level.index(),
              level.width(),
              level.height(),
              level.downsample(),
              standard
                  .tileSize(level.index())
                  .map(tile -> ", tiles of " + tile.width + "x" + tile.height)
                  .orElse("")));
    }
    text.append("resolution  ")
        .append(
            slide
                .mpp()
                .map(
                    mpp ->
                        String.format(
                            Locale.ROOT,
                            "%.5g x %.5g um/px (%s)",
                            mpp.x(),
                            mpp.y(),
                            mpp.source().label()))
                .orElseGet(
                    () ->
                        slide
                                .refusedMpp()
                                .map(refused -> "unknown; the file states " + refused)
                                .orElse("not stated")
                            + "; give it with --slide-mpp where it is needed"))
        .append('\n');
    if (slide.objectivePower().isPresent()) {
      text.append("objective   ").append(slide.objectivePower().getAsDouble()).append('\n');
    }
    text.append("colour      ")
        .append(
            slide
                .iccProfile()
                .map(profile -> "ICC profile of " + profile.length + " bytes")
                .orElse("no ICC profile"))
        .append('\n');
    standard
        .backgroundColor()
        .ifPresent(rgb -> text.append("background  ").append(colour(rgb)).append('\n'));
    standard
        .bounds()
        .ifPresent(
            b ->
                text.append("bounds      ")
                    .append(b.width + "x" + b.height + " at " + b.x + "," + b.y)
                    .append('\n'));
    text.append("associated  ")
        .append(
            slide.associatedImageNames().isEmpty()
                ? "none"
                : Printable.of(String.join(", ", slide.associatedImageNames())))
        .append('\n');
    slide
        .properties()
        .forEach(
            (key, value) ->
                text.append("  ")
                    .append(Printable.of(key))
                    .append(" = ")
                    .append(Printable.of(value.strip().replaceAll("\\s*\\R\\s*", " | ")))
                    .append('\n'));
    return text.toString();
  }
}
