package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesPageTest {
  @TempDir Path folder;

  private String page(List<JsonObject> rows) throws IOException {
    Path file = folder.resolve("curves.html");
    CurvesPage.write(file, "run <1>", rows);
    return Files.readString(file);
  }

  private static List<JsonObject> rows(int count, LongToDoubleFunction loss) {
    List<JsonObject> rows = new ArrayList<>();
    for (long step = 1; step <= count; step++) {
      JsonObject row = new JsonObject();
      row.addProperty("step", step);
      row.addProperty("ibot_loss", loss.applyAsDouble(step));
      row.addProperty("grad_norm/student.backbone", 2.0);
      row.addProperty("lr", 1e-4 * step);
      row.addProperty("tiles_per_second", 12.5);
      row.addProperty("skipped", false);
      rows.add(row);
    }
    return rows;
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void everyMetricHasItsCurveInItsSection() throws IOException {
    String page = page(rows(100, step -> 5.0 / step));
    assertTrue(page.contains("<h1>run &lt;1&gt;</h1>"), page);
    int losses = page.indexOf("<h2>Losses</h2>");
    int norms = page.indexOf("<h2>Gradient norms before clipping</h2>");
    int schedules = page.indexOf("<h2>Schedules</h2>");
    int speed = page.indexOf("<h2>Speed</h2>");
    assertTrue(0 < losses && losses < norms && norms < schedules && schedules < speed);
    assertTrue(page.indexOf("<figcaption>ibot_loss<span>0.0500<") > losses);
    assertTrue(page.indexOf("<figcaption>student.backbone<span>2.0000<") > norms);
    assertTrue(page.indexOf("<figcaption>lr<span>0.0100<") > schedules);
    assertTrue(page.indexOf("<figcaption>tiles_per_second<") > speed);
    assertFalse(page.contains("skipped"));
    assertEquals(4, count(page, "<figure>"));
    // A running mean for what is measured, none for the schedule.
    assertEquals(3, count(page, "class=\"raw\""));
    assertTrue(page.contains("100 steps, 100 of them logged."));
    assertFalse(page.contains("<script") || page.contains("http"));
  }

  @Test
  void pointsLieWithinThePictureAndLongRunsStaySmall() throws IOException {
    String page = page(rows(50_000, step -> Math.sin(step) * 1e9));
    assertTrue(page.length() < 200_000, "length " + page.length());
    for (String line : page.split("points=\"")) {
      for (String point : line.substring(0, Math.max(0, line.indexOf('"'))).split(" ")) {
        if (point.matches("[0-9.]+,[0-9.]+")) {
          double x = Double.parseDouble(point.split(",")[0]);
          double y = Double.parseDouble(point.split(",")[1]);
          assertTrue(x >= 0 && x <= 420 && y >= 0 && y <= 200, point);
        }
      }
    }
  }

  @Test
  void aSingleStepAndNoneAreDrawnToo() throws IOException {
    assertTrue(page(rows(1, step -> 0)).contains("<figcaption>ibot_loss<span>0.0000<"));
    assertTrue(page(List.of()).contains("No step has been logged yet."));
  }
}
