package io.github.gpfm.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Nothing depends on this module, and only this module on Spark. */
class SparkArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.github.gpfm");

  @Test
  void onlyThisModuleKnowsSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.gpfm.spark..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.github.gpfm.spark..", "org.apache.spark..", "scala..")
        .check(CLASSES);
  }

  @Test
  void internalsOfOtherModulesStayTheirs() {
    noClasses()
        .that()
        .resideInAPackage("io.github.gpfm.spark..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.github.gpfm.pipeline.internal..",
            "io.github.gpfm.tiling.internal..",
            "io.github.gpfm.encoder.internal..",
            "io.github.gpfm.eval.internal..",
            "io.github.gpfm.slideio.internal..")
        .check(CLASSES);
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    SlicesRuleDefinition.slices()
        .matching("io.github.gpfm.spark.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
