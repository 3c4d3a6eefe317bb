package io.github.gpfm.eval.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal version's ranks of nine encoders on 72 tasks. */
class PublishedRanksTest {
  private static JsonObject published;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        PublishedRanksTest.class.getResourceAsStream("/published/ranks-72-tasks.json")) {
      assertNotNull(in);
      published =
          new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), JsonObject.class);
    }
  }

  private static RankFile ranks() {
    try {
      return RankFile.read(
          Path.of(PublishedRanksTest.class.getResource("/published/ranks-72-tasks.json").toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RankTable all() {
    return ranks().all();
  }

  @Test
  void meansOfAllAndOfGroups() {
    RankTable all = all();
    assertEquals(72, all.tasks().size());
    JsonObject means = published.getAsJsonObject("mean_over_all_72");
    for (int e = 0; e < all.encoders().size(); e++) {
      assertEquals(means.get(all.encoders().get(e)).getAsDouble(), all.meanRanks()[e], 0.00051);
    }
    assertEquals("GPFM", all.encoders().get(all.order()[0]));
    assertEquals(1.60, all.meanRanks()[all.order()[0]], 0.005);
    for (String name : published.getAsJsonObject("groups").keySet()) {
      RankTable group = ranks().groups().get(name);
      JsonObject printed =
          published
              .getAsJsonObject("groups")
              .getAsJsonObject(name)
              .getAsJsonObject("published_mean");
      for (int e = 0; e < all.encoders().size(); e++) {
        assertEquals(
            printed.get(all.encoders().get(e)).getAsDouble(), group.meanRanks()[e], 0.0501, name);
      }
    }
  }

  @Test
  void criticalDifferenceAndFriedman() {
    RankTable all = all();
    assertEquals(
        1.416, Nemenyi.criticalDifference(all.encoders().size(), all.tasks().size(), 0.05), 5e-4);
    FriedmanTest test = FriedmanTest.of(all);
    assertTrue(test.p() < 1e-10 && test.fP() < 1e-10, test.toString());
    // GPFM stands alone: the next encoder is farther than the critical difference.
    double[] means = all.meanRanks();
    int[] order = all.order();
    assertTrue(means[order[1]] - means[order[0]] > 1.416);
    int wins = all.wins()[order[0]];
    assertTrue(wins > 36 && all.winsWithTies()[order[0]] >= wins, "wins " + wins);
  }

  @Test
  void diagramIsDrawnAsPngAndSvg(@TempDir Path folder) throws IOException {
    CriticalDifferenceDiagram diagram =
        new CriticalDifferenceDiagram("72 tasks, nine encoders", all(), 0.05);
    String keep = System.getProperty("gpfm.eval.pictures", "");
    Path target = keep.isBlank() ? folder : Path.of(keep);
    diagram.write(target.resolve("cd.png"));
    diagram.write(target.resolve("cd.svg"));
    String svg = Files.readString(target.resolve("cd.svg"));
    assertTrue(svg.contains("<svg") && svg.contains("GPFM") && svg.contains("CD = 1.416"));
    assertTrue(Files.size(target.resolve("cd.png")) > 5000);
  }
}
