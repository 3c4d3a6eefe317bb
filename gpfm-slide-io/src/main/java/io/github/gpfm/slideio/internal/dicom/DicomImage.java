package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One VL Whole Slide Microscopy image, of one file or of the parts of a concatenation: a level or
 * an associated image. Frames are its tiles; of several optical paths or focal planes the first is
 * shown.
 */
final class DicomImage implements TileSource {
  private final List<DicomInstance> instances;
  private final SlideFile file;
  private final DicomDataset dataset;
  private final long width;
  private final long height;
  private final int columns;
  private final int rows;
  private final List<Part> parts = new ArrayList<>();
  private final int[] frameOfTile;

  /**
   * The frames of one file.
   *
   * @param first number of its first frame in the image, from 0
   */
  private record Part(
      SlideFile file,
      DicomDataset dataset,
      DicomFrames frames,
      DicomFrameDecoder decoder,
      int first) {}

  /**
   * @param instances one file, or all parts of a concatenation in their order
   * @throws io.github.gpfm.api.SlideFormatException if one is damaged or they do not fit together
   */
  DicomImage(List<DicomInstance> instances) {
    this.instances = List.copyOf(instances);
    file = instances.get(0).file();
    dataset = instances.get(0).dataset();
    columns = edge(DicomTag.COLUMNS, "Columns");
    rows = edge(DicomTag.ROWS, "Rows");
    width = total(DicomTag.TOTAL_PIXEL_MATRIX_COLUMNS, columns);
    height = total(DicomTag.TOTAL_PIXEL_MATRIX_ROWS, rows);
    if ((long) columns * rows > JpegDecoder.MAX_PIXELS) {
      throw file.unsupported("it has frames of " + columns + " x " + rows + " pixels");
    }
    int frames = 0;
    for (DicomInstance instance : instances) {
      parts.add(part(instance, frames));
      frames += parts.get(parts.size() - 1).frames().count();
    }
    long tiles = tilesAcross() * tilesDown();
    if (tiles > 1 << 26) {
      throw file.damaged("a matrix of " + width + " x " + height + " has too many frames");
    }
    frameOfTile = arrange((int) tiles, frames);
  }

  private Part part(DicomInstance instance, int first) {
    SlideFile source = instance.file();
    DicomDataset elements = instance.dataset();
    boolean fits =
        elements.integer(DicomTag.COLUMNS).orElse(0) == columns
            && elements.integer(DicomTag.ROWS).orElse(0) == rows
            && elements.integer(DicomTag.TOTAL_PIXEL_MATRIX_COLUMNS).orElse(columns) == width
            && elements.integer(DicomTag.TOTAL_PIXEL_MATRIX_ROWS).orElse(rows) == height;
    if (!fits) {
      throw source.damaged("it is of another size than the other parts of its concatenation");
    }
    DicomDataset.Value pixels =
        elements
            .value(DicomTag.PIXEL_DATA)
            .orElseThrow(() -> source.damaged("it has no pixel data"));
    long count = elements.integer(DicomTag.NUMBER_OF_FRAMES).orElse(1);
    if (count < 1 || count > source.size() || count > Integer.MAX_VALUE - first) {
      throw source.damaged("it has " + count + " frames");
    }
    DicomFrameDecoder decoder = new DicomFrameDecoder(elements, columns, rows);
    DicomFrames frames =
        decoder.compressed()
            ? DicomFrames.encapsulated(
                source,
                pixels,
                (int) count,
                elements.bytes(DicomTag.EXTENDED_OFFSETS).orElse(new byte[0]))
            : DicomFrames.plain(source, pixels, (int) count, decoder.plainFrameBytes());
    return new Part(source, elements, frames, decoder, first);
  }

  private int edge(int tag, String name) {
    long value = dataset.integer(tag).orElse(0);
    if (value < 1 || value > 0xffff) {
      throw file.damaged("its " + name + " is " + value);
    }
    return (int) value;
  }

  private long total(int tag, int frame) {
    long value = dataset.integer(tag).orElse(frame);
    if (value < 1) {
      throw file.damaged("its total pixel matrix has an edge of " + value);
    }
    return value;
  }

  /** Which frame shows which tile; -1 for tiles that are left out. */
  private int[] arrange(int tiles, int frames) {
    boolean full =
        dataset.text(DicomTag.DIMENSION_ORGANIZATION_TYPE).orElse("").startsWith("TILED_FULL");
    int[] arranged = new int[tiles];
    if (full || !positioned(dataset)) {
      if (frames < tiles) {
        throw file.damaged("it has " + frames + " frames, not " + tiles);
      }
      Arrays.setAll(arranged, i -> i);
      return arranged;
    }
    Arrays.fill(arranged, -1);
    for (Part part : parts) {
      place(part, arranged);
    }
    return arranged;
  }

  private static boolean positioned(DicomDataset dataset) {
    List<DicomDataset> groups = dataset.items(DicomTag.PER_FRAME_FUNCTIONAL_GROUPS);
    return !groups.isEmpty()
        && groups.get(0).item(DicomTag.PLANE_POSITION_SLIDE_SEQUENCE).isPresent();
  }

  /** Puts the frames of a file to their tiles; the first frame at a place counts. */
  private void place(Part part, int[] arranged) {
    List<DicomDataset> groups = part.dataset().items(DicomTag.PER_FRAME_FUNCTIONAL_GROUPS);
    if (groups.size() < part.frames().count()) {
      throw part.file()
          .damaged(
              "it says of "
                  + groups.size()
                  + " of its "
                  + part.frames().count()
                  + " frames where they lie");
    }
    for (int frame = 0; frame < part.frames().count(); frame++) {
      Optional<DicomDataset> place = groups.get(frame).item(DicomTag.PLANE_POSITION_SLIDE_SEQUENCE);
      long column = place.map(at -> position(at, DicomTag.COLUMN_POSITION)).orElse(-1L);
      long row = place.map(at -> position(at, DicomTag.ROW_POSITION)).orElse(-1L);
      if (column < 0 || row < 0 || column >= width || row >= height) {
        throw part.file().damaged("frame " + (frame + 1) + " lies outside the total pixel matrix");
      }
      if (column % columns != 0 || row % rows != 0) {
        throw part.file().unsupported("its frames do not lie on a grid");
      }
      int tile = (int) (row / rows * tilesAcross() + column / columns);
      if (arranged[tile] < 0) {
        arranged[tile] = part.first() + frame;
      }
    }
  }

  private static long position(DicomDataset place, int tag) {
    return place.integer(tag).orElse(0) - 1;
  }

  /** The files it is read from, in order. */
  List<DicomInstance> instances() {
    return instances;
  }

  /** The first file. */
  SlideFile file() {
    return file;
  }

  /** Frames of the first file. */
  DicomFrames frames() {
    return parts.get(0).frames();
  }

  /** Decoder of the first file's frames. */
  DicomFrameDecoder decoder() {
    return parts.get(0).decoder();
  }

  /** Whether its first frame is of other colours than the attributes say. */
  boolean mislabelled() {
    return decoder().mislabelled(frames().read(0));
  }

  DicomDataset dataset() {
    return dataset;
  }

  /** VOLUME, THUMBNAIL, LABEL or OVERVIEW. */
  String flavor() {
    return instances.get(0).flavor();
  }

  /** µm per pixel along a row; empty when not stated. */
  OptionalDouble mppX() {
    return spacing(1, DicomTag.IMAGED_VOLUME_WIDTH, width);
  }

  /** µm per pixel along a column; empty when not stated. */
  OptionalDouble mppY() {
    return spacing(0, DicomTag.IMAGED_VOLUME_HEIGHT, height);
  }

  private OptionalDouble spacing(int index, int volumeTag, long pixels) {
    OptionalDouble stated =
        dataset
            .item(DicomTag.SHARED_FUNCTIONAL_GROUPS)
            .flatMap(group -> group.item(DicomTag.PIXEL_MEASURES_SEQUENCE))
            .map(measures -> measures.decimal(DicomTag.PIXEL_SPACING, index))
            .orElse(OptionalDouble.empty());
    if (stated.isPresent()) {
      return OptionalDouble.of(stated.getAsDouble() * 1000);
    }
    OptionalDouble volume = dataset.decimal(volumeTag, 0);
    return volume.isPresent()
        ? OptionalDouble.of(volume.getAsDouble() * 1000 / pixels)
        : OptionalDouble.empty();
  }

  @Override
  public long width() {
    return width;
  }

  @Override
  public long height() {
    return height;
  }

  @Override
  public int tileWidth() {
    return columns;
  }

  @Override
  public int tileHeight() {
    return rows;
  }

  @Override
  public boolean decode(long column, long row, int[] argb) {
    int frame = frameOfTile[(int) (row * tilesAcross() + column)];
    if (frame < 0) {
      return false;
    }
    int index = parts.size() - 1;
    while (parts.get(index).first() > frame) {
      index--;
    }
    Part part = parts.get(index);
    int inPart = frame - part.first();
    try {
      part.decoder().decode(part.frames().read(inPart), argb);
      return true;
    } catch (CodecException e) {
      throw part.file().damaged("frame " + (inPart + 1) + ": " + e.getMessage(), e);
    }
  }
}
