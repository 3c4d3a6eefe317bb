package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The image of one VL Whole Slide Microscopy file: a level or an associated image. Frames are its
 * tiles; of several optical paths or focal planes the first is shown.
 */
final class DicomImage implements TileSource {
  static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6";

  private final SlideFile file;
  private final DicomDataset dataset;
  private final long width;
  private final long height;
  private final int columns;
  private final int rows;
  private final DicomFrames frames;
  private final int[] frameOfTile;
  private final DicomFrameDecoder decoder;

  DicomImage(SlideFile file) {
    this.file = file;
    dataset = DicomParser.parse(file);
    if (!dataset.text(DicomTag.SOP_CLASS_UID).orElse("").equals(SOP_CLASS)) {
      throw file.unsupported("DICOM, but not of the class VL Whole Slide Microscopy Image");
    }
    columns = edge(DicomTag.COLUMNS, "Columns");
    rows = edge(DicomTag.ROWS, "Rows");
    width = total(DicomTag.TOTAL_PIXEL_MATRIX_COLUMNS, columns);
    height = total(DicomTag.TOTAL_PIXEL_MATRIX_ROWS, rows);
    if ((long) columns * rows > JpegDecoder.MAX_PIXELS) {
      throw file.unsupported("it has frames of " + columns + " x " + rows + " pixels");
    }
    DicomDataset.Value pixels =
        dataset.value(DicomTag.PIXEL_DATA).orElseThrow(() -> file.damaged("it has no pixel data"));
    long count = dataset.integer(DicomTag.NUMBER_OF_FRAMES).orElse(1);
    if (count < 1 || count > file.size()) {
      throw file.damaged("it has " + count + " frames");
    }
    decoder = new DicomFrameDecoder(dataset, columns, rows);
    frames =
        decoder.compressed()
            ? DicomFrames.encapsulated(file, pixels, (int) count)
            : DicomFrames.plain(file, pixels, (int) count, decoder.plainFrameBytes());
    long tiles = tilesAcross() * tilesDown();
    if (tiles > 1 << 26) {
      throw file.damaged("a matrix of " + width + " x " + height + " has too many frames");
    }
    frameOfTile = arrange((int) tiles);
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
  private int[] arrange(int tiles) {
    List<DicomDataset> groups = dataset.items(DicomTag.PER_FRAME_FUNCTIONAL_GROUPS);
    boolean full =
        dataset.text(DicomTag.DIMENSION_ORGANIZATION_TYPE).orElse("").startsWith("TILED_FULL");
    boolean positions =
        !full
            && !groups.isEmpty()
            && groups.get(0).item(DicomTag.PLANE_POSITION_SLIDE_SEQUENCE).isPresent();
    int[] arranged = new int[tiles];
    if (!positions) {
      if (frames.count() < tiles) {
        throw file.damaged("it has " + frames.count() + " frames, not " + tiles);
      }
      Arrays.setAll(arranged, i -> i);
      return arranged;
    }
    Arrays.fill(arranged, -1);
    for (int frame = 0; frame < Math.min(groups.size(), frames.count()); frame++) {
      Optional<DicomDataset> place = groups.get(frame).item(DicomTag.PLANE_POSITION_SLIDE_SEQUENCE);
      long column = place.map(at -> position(at, DicomTag.COLUMN_POSITION)).orElse(-1L);
      long row = place.map(at -> position(at, DicomTag.ROW_POSITION)).orElse(-1L);
      if (column < 0 || row < 0 || column >= width || row >= height) {
        throw file.damaged("frame " + (frame + 1) + " lies outside the total pixel matrix");
      }
      if (column % columns != 0 || row % rows != 0) {
        throw file.unsupported("its frames do not lie on a grid");
      }
      int tile = (int) (row / rows * tilesAcross() + column / columns);
      if (arranged[tile] < 0) {
        arranged[tile] = frame;
      }
    }
    return arranged;
  }

  private static long position(DicomDataset place, int tag) {
    return place.integer(tag).orElse(0) - 1;
  }

  SlideFile file() {
    return file;
  }

  DicomFrames frames() {
    return frames;
  }

  DicomFrameDecoder decoder() {
    return decoder;
  }

  DicomDataset dataset() {
    return dataset;
  }

  /** VOLUME, THUMBNAIL, LABEL or OVERVIEW: the third value of ImageType. */
  String flavor() {
    String[] parts = dataset.text(DicomTag.IMAGE_TYPE).orElse("").split("\\\\");
    return parts.length > 2 ? parts[2].strip() : "VOLUME";
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
  public int @Nullable [] decode(long column, long row) {
    int frame = frameOfTile[(int) (row * tilesAcross() + column)];
    if (frame < 0) {
      return null;
    }
    try {
      return decoder.decode(frames.read(frame));
    } catch (CodecException e) {
      throw file.damaged("frame " + (frame + 1) + ": " + e.getMessage(), e);
    }
  }
}
