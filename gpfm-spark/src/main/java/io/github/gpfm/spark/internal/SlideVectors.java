package io.github.gpfm.spark.internal;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.SlideEncoder;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.slide.SlideEncoders;
import io.github.gpfm.encoder.slide.SlideFeatureFiles;
import io.github.gpfm.spark.SlideEncoderSpec;
import io.github.gpfm.spark.rows.OutcomeRow;
import io.github.gpfm.spark.rows.SlideVectorRow;
import io.github.gpfm.support.ProvenanceJson;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

/**
 * Features of slides from the features of their tiles.
 *
 * @param run where results go
 * @param encoder which network
 */
public record SlideVectors(RunSpec run, SlideEncoderSpec encoder) implements Serializable {
  private SlideEncoder open() {
    return EncoderPool.get(
        SlideEncoder.class,
        encoder,
        run.stamp(encoder.weights()),
        encoder.device(),
        device ->
            encoder.name().equalsIgnoreCase(SlideEncoders.MEAN)
                ? SlideEncoders.mean()
                : SlideEncoders.open(
                    SlideEncoders.find(encoder.name()),
                    run.localFile(encoder.weights()),
                    ComputeDevice.parse(device)));
  }

  /** Embeds a slide into a file of one row, unless it is there. */
  public OutcomeRow embed(OutcomeRow tiles) {
    long start = System.nanoTime();
    OutcomeRow row = new OutcomeRow();
    row.setPath(tiles.getFile());
    row.setName(tiles.getName());
    SlideEncoder open = open();
    try {
      FeatureFormat format = FeatureFormat.of(run.options().format());
      Path input = Path.of(tiles.getFile());
      Path file = run.output().resolve(tiles.getName() + "." + format.name());
      if (file.toAbsolutePath().normalize().equals(input.toAbsolutePath().normalize())) {
        throw new GpfmException(
            input + " would be written over by its slide's feature: choose another output.");
      }
      Map<String, String> origin = SlideFeatureFiles.origin(open.info(), input, Map.of());
      boolean there = !run.options().overwrite() && SlideFeatureFiles.isOf(file, origin);
      if (!there) {
        float[] vector = open.embed(SlideFeatureFiles.read(input));
        SlideFeatureFiles.write(file, format, tiles.getName(), vector, origin);
      }
      row.setStatus(there ? "skipped" : "done");
      row.setFile(file.toString());
      row.setTiles(tiles.getTiles());
      try (FeatureReader written = FeatureReader.open(file)) {
        row.setDimension(written.dimension());
      }
      row.setSeconds((System.nanoTime() - start) / 1e9);
    } catch (CancelledException e) {
      throw e;
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      Outcomes.fail(row, e);
    }
    return row;
  }

  /** The row of a slide's file. */
  public SlideVectorRow read(OutcomeRow slide) {
    try (FeatureReader reader = FeatureReader.open(Path.of(slide.getFile()))) {
      SlideVectorRow row = new SlideVectorRow();
      row.setSlide(slide.getName());
      row.setEncoder(encoder.name());
      row.setFeature(reader.read(0, 1));
      row.setProvenance(reader.provenance().map(ProvenanceJson::write).orElse(""));
      return row;
    }
  }
}
