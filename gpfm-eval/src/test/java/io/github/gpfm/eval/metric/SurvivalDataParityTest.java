package io.github.gpfm.eval.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.gpfm.eval.data.CsvTable;
import io.github.gpfm.testkit.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Kaplan–Meier medians and concordance on real cohorts, against recorded values. */
class SurvivalDataParityTest {
  @Test
  void mediansAndConcordance() {
    Path folder = Fixtures.data("survival");
    for (JsonElement element :
        Fixtures.json(folder.resolve("reference.json")).getAsJsonArray("datasets")) {
      JsonObject cohort = element.getAsJsonObject();
      CsvTable table = CsvTable.read(folder.resolve(cohort.get("file").getAsString()));
      int[] rows = subjects(table, cohort);
      assertEquals(cohort.get("subjects").getAsInt(), rows.length);
      double[] times = table.numbers(cohort.get("time_column").getAsString());
      List<String> events = table.column(cohort.get("event_column").getAsString());
      Set<String> happened = new HashSet<>();
      cohort.getAsJsonArray("event_values").forEach(v -> happened.add(v.getAsString()));
      KaplanMeier curve = KaplanMeier.of(pick(times, rows), censored(events, happened, rows));
      assertEquals(
          cohort.get("events").getAsInt(),
          curve.steps().stream().mapToInt(KaplanMeier.Step::events).sum());
      assertEquals(cohort.get("max_time").getAsDouble(), curve.lastTime());
      if (cohort.get("km_median").isJsonNull()) {
        assertTrue(Double.isNaN(curve.median()));
      } else {
        assertEquals(cohort.get("km_median").getAsDouble(), curve.median());
      }
      JsonObject recorded = cohort.getAsJsonObject("harrell_c");
      for (String covariate : recorded.keySet()) {
        List<String> cells = table.column(covariate);
        int[] known = IntStream.of(rows).filter(r -> cells.get(r).matches("[-0-9.eE]+")).toArray();
        double[] risks =
            IntStream.of(known).mapToDouble(r -> Double.parseDouble(cells.get(r))).toArray();
        double[] t = pick(times, known);
        boolean[] c = censored(events, happened, known);
        ConcordanceIndex index = ConcordanceIndex.of(t, c, risks);
        JsonObject value = recorded.getAsJsonObject(covariate);
        assertEquals(value.get("c").getAsDouble(), index.value(), 1e-6, covariate);
        assertEquals(value.get("comparable_pairs").getAsDouble(), index.comparable());
        Interval interval =
            ConcordanceIndex.interval(
                t, c, risks, Bootstrap.draw(t.length, 50, 3, Bootstrap.Resampling.MULTINOMIAL));
        assertEquals(index.value(), interval.mean(), 4 * interval.std());
        assertTrue(interval.lower() < interval.value() && interval.value() < interval.upper());
      }
    }
  }

  private static int[] subjects(CsvTable table, JsonObject cohort) {
    if (!cohort.has("one_row_per")) {
      return IntStream.range(0, table.rows().size()).toArray();
    }
    List<String> names = table.column(cohort.get("one_row_per").getAsString());
    Set<String> seen = new HashSet<>();
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (seen.add(names.get(i))) {
        rows.add(i);
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] pick(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(r -> values[r]).toArray();
  }

  private static boolean[] censored(List<String> events, Set<String> happened, int[] rows) {
    boolean[] result = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      result[i] = !happened.contains(events.get(rows[i]));
    }
    return result;
  }
}
