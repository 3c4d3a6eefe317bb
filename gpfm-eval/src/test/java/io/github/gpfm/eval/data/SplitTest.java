package io.github.gpfm.eval.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
  private static final UnaryOperator<String> PATIENT = s -> s.substring(0, s.indexOf('.'));

  @Test
  void readsTheReferencesLayouts(@TempDir Path folder) throws IOException {
    Path names = folder.resolve("splits_0.csv");
    Files.writeString(names, ",train,val,test\n0,1660,60988,39880.0\n1,1943,,\n");
    Split split = SplitFiles.read(names);
    assertEquals(List.of("1660", "1943"), split.train());
    assertEquals(List.of("39880"), split.test());
    Path flags = folder.resolve("splits_0_bool.csv");
    Files.writeString(flags, ",train,val,test\na,True,False,False\nb,False,False,True\n");
    assertEquals(List.of("b"), SplitFiles.read(flags).test());
    Path survival = folder.resolve("Splits.csv");
    Files.writeString(
        survival,
        "case_id,survival_months,censorship,slide_id,Fold 0,Fold 1\n"
            + "p1,12.5,0.0,/x/s1.pt,val,train\np1,12.5,0.0,/x/s2.pt,val,train\n"
            + "p2,3,1,s3;s4,train,val\n");
    List<Split> folds = SplitFiles.readFoldColumns(survival, "case_id");
    assertEquals(List.of("p1"), folds.get(0).validation());
    assertEquals(folds.get(0).validation(), folds.get(0).test());
    CaseTable cases = CaseTable.survival(survival);
    assertEquals(List.of("s1", "s2"), cases.entries().get("p1").slides());
    assertEquals(List.of("s3", "s4"), cases.entries().get("p2").slides());
    assertTrue(cases.entries().get("p2").censored());
  }

  @Test
  void dividesByClassAndPatientAndMendsLeaks() {
    List<String> names = IntStream.range(0, 300).mapToObj(i -> "p" + i / 2 + ".s" + i % 2).toList();
    UnaryOperator<String> stratum = s -> PATIENT.apply(s).hashCode() % 3 == 0 ? "rare" : "common";
    Split split = Splitter.holdout712(names, PATIENT, stratum, 5);
    assertTrue(split.leaks(PATIENT).isEmpty());
    assertEquals(210, split.train().size(), 6);
    assertEquals(60, split.test().size(), 6);
    List<Split> folds = Splitter.kFold(names, PATIENT, stratum, 5, 5);
    assertEquals(300, folds.stream().mapToInt(f -> f.test().size()).sum());
    Split leaking = new Split("bad", names, names.subList(0, 60), names.subList(0, 60));
    assertEquals(3, leaking.leaks(PATIENT).size());
    Split mended = leaking.withoutLeaks(PATIENT, stratum, 0.125, 5);
    assertTrue(mended.leaks(PATIENT).isEmpty());
    assertEquals(leaking.test(), mended.test());
    assertEquals(30, mended.validation().size(), 4);
  }
}
