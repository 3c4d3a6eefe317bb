package io.github.gpfm.tiling.format;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileGeoJsonTest {
  private static final String AREA =
      """
      {"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "a", "geometry": {"type": "Polygon",
          "coordinates": [[[0, 0], [100, 0], [100, 80.5], [0, 80], [0, 0]],
            [[10, 10], [20, 10], [20, 20], [10, 10]]]},
         "properties": {"objectType": "annotation", "classification": {"name": "Tumor"}}},
        {"type": "Feature", "geometry": {"type": "MultiPolygon",
          "coordinates": [[[[200, 0], [300, 0], [300, 80], [200, 0]]]]},
         "properties": {"classification": {"names": ["A", "B"]}, "isLocked": true, "x": null}}]}
      """;

  @TempDir private Path folder;

  private void refuses(String name, String content, String bound) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    TilingException e =
        assertThrows(TilingException.class, () -> GeoJson.readRegionOfInterest(file));
    assertTrue(e.getMessage().contains(name), e.getMessage());
    assertTrue(e.getMessage().contains(bound), e.getMessage());
  }

  @Test
  void nestingNumbersAndNamesAreBounded() throws IOException {
    refuses("deep.geojson", "[".repeat(1_000_000), "gpfm.limit.depth");
    refuses("object.geojson", "{\"a\":".repeat(300_000) + "1", "gpfm.limit.depth");
    refuses("name.geojson", "{\"" + "n".repeat(1 << 17) + "\": 1}", "gpfm.limit.name");
    refuses("many.geojson", "[" + "0,".repeat(10_000_001) + "0]", "gpfm.limit.");
  }

  @Test
  void damagedFilesAreRefusedInASentence() throws Exception {
    ReaderFuzz fuzz =
        new ReaderFuzz(
                folder.resolve("mutant.geojson"),
                TilingException.class,
                GeoJson::readRegionOfInterest)
            .run(
                List.of(AREA.getBytes(StandardCharsets.UTF_8)),
                Mutator::mutate,
                ReaderFuzz.seed(5),
                ReaderFuzz.rounds());
    fuzz.requireSound();
  }
}
