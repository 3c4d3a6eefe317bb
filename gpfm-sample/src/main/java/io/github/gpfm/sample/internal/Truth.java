package io.github.gpfm.sample.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.sample.TissueClass;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** What is where on a synthetic slide, as pictures and tables. */
public final class Truth {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Layout layout;
  private final int downsample;
  private final int width;
  private final int height;

  /** Label of each pixel, 0 on glass. */
  private final byte[] labels;

  /**
   * @param layout the slide
   * @param downsample level-0 pixels per pixel of the pictures
   */
  public Truth(Layout layout, int downsample) {
    this.layout = layout;
    this.downsample = downsample;
    this.width = layout.width() / downsample;
    this.height = layout.height() / downsample;
    this.labels = new byte[width * height];
    IntStream.range(0, height)
        .parallel()
        .forEach(
            y -> {
              for (int x = 0; x < width; x++) {
                int k = layout.classAt((x + 0.5) * downsample, (y + 0.5) * downsample);
                labels[y * width + x] = (byte) (k + 1);
              }
            });
  }

  /** 255 on tissue, 0 on glass. */
  public void writeMask(Path file) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < labels.length; i++) {
      image.getRaster().setSample(i % width, i / width, 0, labels[i] == 0 ? 0 : 255);
    }
    write(image, file);
  }

  /** The labels as a palette picture. */
  public void writeLabels(Path file) throws IOException {
    int[] palette = new int[Layout.CLASSES + 1];
    palette[0] = 0xFFFFFF;
    for (TissueClass tissue : TissueClass.values()) {
      palette[tissue.label()] = tissue.rgb();
    }
    IndexColorModel colours =
        new IndexColorModel(
            8, palette.length, palette, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
    image.getRaster().setDataElements(0, 0, width, height, labels);
    write(image, file);
  }

  /** Classes, colours and shares as JSON. */
  public void writeLabelTable(Path file) throws IOException {
    long[] counts = new long[Layout.CLASSES + 1];
    for (byte label : labels) {
      counts[label]++;
    }
    long tissue = labels.length - counts[0];
    JsonArray classes = new JsonArray();
    for (TissueClass k : TissueClass.values()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("label", k.label());
      entry.addProperty("name", k.id());
      entry.addProperty("colour", String.format("#%06X", k.rgb()));
      entry.addProperty("shareOfTissue", tissue == 0 ? 0 : counts[k.label()] / (double) tissue);
      classes.add(entry);
    }
    JsonObject table = new JsonObject();
    table.addProperty("seed", layout.seed());
    table.addProperty("width", layout.width());
    table.addProperty("height", layout.height());
    table.addProperty("downsample", downsample);
    table.addProperty("pieces", layout.pieces().size());
    table.addProperty("penMarks", layout.pens().size());
    table.addProperty("tissueFraction", tissue / (double) labels.length);
    table.add("classes", classes);
    write(table, file);
  }

  /** The pieces as GeoJSON polygons in level-0 pixels, the tears as their holes. */
  public void writeOutlines(Path file) throws IOException {
    JsonArray features = new JsonArray();
    for (Layout.Piece piece : layout.pieces()) {
      JsonArray rings = new JsonArray();
      rings.add(ring(piece.outline()));
      piece.holes().forEach(hole -> rings.add(ring(hole)));
      JsonObject geometry = new JsonObject();
      geometry.addProperty("type", "Polygon");
      geometry.add("coordinates", rings);
      JsonObject properties = new JsonObject();
      properties.addProperty("objectType", "annotation");
      properties.addProperty("name", piece.stain() < 0.5 ? "faint tissue" : "tissue");
      JsonObject feature = new JsonObject();
      feature.addProperty("type", "Feature");
      feature.add("geometry", geometry);
      feature.add("properties", properties);
      features.add(feature);
    }
    JsonObject collection = new JsonObject();
    collection.addProperty("type", "FeatureCollection");
    collection.add("features", features);
    write(collection, file);
  }

  private static JsonArray ring(Blob blob) {
    JsonArray ring = new JsonArray();
    for (double[] point : blob.ring()) {
      JsonArray pair = new JsonArray();
      pair.add(Math.round(point[0] * 10) / 10.0);
      pair.add(Math.round(point[1] * 10) / 10.0);
      ring.add(pair);
    }
    return ring;
  }

  private static void write(JsonObject json, Path file) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      GSON.toJson(json, writer);
    }
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this Java has no PNG writer");
    }
  }
}
