package io.github.gpfm.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which module may use which, and what must not leak out of one. */
class ArchitectureTest {
  private static final String ROOT = "io.github.gpfm.";

  /** What each module may use beside itself. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("api", Set.of()),
          Map.entry("image", Set.of("api", "support")),
          Map.entry("support", Set.of("api")),
          Map.entry("sample", Set.of("api", "support")),
          Map.entry("slideio", Set.of("api", "support")),
          Map.entry("tiling", Set.of("api", "support", "image", "slideio")),
          Map.entry("encoder", Set.of("api", "support", "image")),
          Map.entry("parquet", Set.of("api", "support", "tiling", "encoder")),
          Map.entry("pipeline", Set.of("api", "support", "image", "slideio", "tiling", "encoder")),
          Map.entry("distill", Set.of("api", "support", "slideio", "tiling", "encoder")),
          Map.entry("eval", Set.of("api", "support", "image", "slideio", "tiling", "encoder")),
          Map.entry(
              "examples",
              Set.of(
                  "api",
                  "support",
                  "image",
                  "sample",
                  "slideio",
                  "tiling",
                  "encoder",
                  "parquet",
                  "pipeline",
                  "distill",
                  "eval")));

  private static final List<String> MODULES = MAY_USE.keySet().stream().sorted().toList();

  /** All but slideio, whose built-in reader and the formats it reads know each other. */
  private static final List<String> WITHOUT_DEEP_CYCLES =
      MODULES.stream().filter(module -> !module.equals("slideio")).toList();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.gpfm")
          .that(
              DescribedPredicate.describe(
                  "shipped", type -> !type.getPackageName().startsWith(ROOT + "testkit")));

  private static String module(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.")[0] : "";
  }

  /** Spring Boot up to 3.3 pins Gson 2.10: what came later fails there at run time only. */
  @Test
  void gsonIsUsedAsItWasInVersion210() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.google.gson.Strictness")
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it came after Gson 2.10",
                call ->
                    call.getTargetOwner().getPackageName().startsWith("com.google.gson")
                        && Set.of("setStrictness", "setNestingLimit").contains(call.getName())))
        .check(CLASSES);
  }

  @Test
  void everyModuleIsSeenAndHasItsArrows() {
    Set<String> modules = new TreeSet<>();
    CLASSES.forEach(type -> modules.add(module(type)));
    modules.remove("");
    assertTrue(MAY_USE.keySet().containsAll(modules), "no arrows are given for one of " + modules);
    assertTrue(modules.containsAll(List.of("api", "encoder", "pipeline", "tiling")), "" + modules);
  }

  @Test
  void modulesUseOnlyWhatTheirArrowsAllow() {
    MAY_USE.forEach(
        (module, allowed) -> {
          String[] forbidden =
              MAY_USE.keySet().stream()
                  .filter(other -> !other.equals(module) && !allowed.contains(other))
                  .map(other -> ROOT + other + "..")
                  .toArray(String[]::new);
          if (forbidden.length > 0) {
            noClasses()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .allowEmptyShould(true)
                .check(CLASSES);
          }
        });
  }

  @Test
  void thereAreNoCyclesBetweenModules() {
    slices().matching("io.github.gpfm.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void thereAreNoCyclesBetweenAModulesPackages(String module) {
    slices()
        .matching(ROOT + module + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Of any depth; a module's first package and those below it may use each other. */
  @ParameterizedTest
  @FieldSource("WITHOUT_DEEP_CYCLES")
  void thereAreNoCyclesBetweenDeepPackages(String module) {
    slices()
        .matching(ROOT + module + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theApiKnowsNoTensorLibrary() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl..", "org.opencv..", "com.sun.jna..", "io.jhdf..", "org.nd4j..")
        .check(CLASSES);
  }

  @Test
  void internalsStayWithinTheirModule() {
    classes()
        .that()
        .resideInAPackage("..internal..")
        .should(
            new ArchCondition<>("be used only within their module") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesToSelf().stream()
                    .filter(d -> !module(d.getOriginClass()).equals(module(type)))
                    .forEach(d -> events.add(SimpleConditionEvent.violated(d, d.getDescription())));
              }
            })
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        CLASSES.stream()
            .map(JavaClass::getPackage)
            .filter(p -> p.getName().startsWith(ROOT))
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), unmarked);
  }
}
