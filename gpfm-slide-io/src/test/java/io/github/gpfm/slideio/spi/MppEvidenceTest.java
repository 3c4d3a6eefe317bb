package io.github.gpfm.slideio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.MppSource;
import io.github.gpfm.api.SlideOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several statements about a slide's resolution is believed. */
class MppEvidenceTest {
  /** The documented order, strongest first. */
  private static final List<MppSource> ORDER =
      List.of(
          MppSource.VENDOR,
          MppSource.TIFF_RESOLUTION,
          MppSource.OME_XML,
          MppSource.DICOM,
          MppSource.OBJECTIVE_POWER);

  @Test
  void strongestStatementIsBelievedInWhateverOrderTheyCome() {
    for (int first = 0; first < ORDER.size(); first++) {
      MppEvidence evidence = new MppEvidence();
      for (int i = ORDER.size() - 1; i >= first; i--) {
        evidence.add(ORDER.get(i), 1 + i, 2 + i);
      }
      Mpp expected = new Mpp(1 + first, 2 + first, ORDER.get(first));
      assertEquals(Optional.of(expected), evidence.decide(SlideOptions.DEFAULT));
      assertEquals(
          Optional.of(new Mpp(0.3, 0.3, MppSource.USER)),
          evidence.decide(SlideOptions.DEFAULT.withMpp(0.3)));
    }
  }

  @Test
  void noStatementIsNoResolution() {
    assertEquals(Optional.empty(), new MppEvidence().decide(SlideOptions.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.25, Double.NaN, Double.POSITIVE_INFINITY})
  void impossibleValuesAreNoStatement(double value) {
    MppEvidence evidence = new MppEvidence().add(MppSource.VENDOR, value, 0.25);
    evidence.add(MppSource.VENDOR, 0.25, value);
    assertEquals(Optional.empty(), evidence.decide(SlideOptions.DEFAULT));
  }

  @Test
  void whatNoMicroscopeResolvesIsNotBelieved() {
    MppEvidence evidence = new MppEvidence().add(MppSource.TIFF_RESOLUTION, 2.5e-6, 2.5e-6);
    assertEquals(Optional.empty(), evidence.decide(SlideOptions.DEFAULT));
    assertTrue(evidence.refused().orElseThrow().contains("2.500e-06"), evidence.refused()::get);
    assertEquals(
        Optional.empty(),
        new MppEvidence().add(MppSource.DICOM, 0.0099, 0.25).decide(SlideOptions.DEFAULT));
    assertTrue(
        new MppEvidence()
            .add(MppSource.VENDOR, 0.01, 0.01)
            .decide(SlideOptions.DEFAULT)
            .isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "aperio, VENDOR",
    "philips, VENDOR",
    "generic-tiff, TIFF_RESOLUTION",
    "hamamatsu, TIFF_RESOLUTION",
    "dicom, DICOM"
  })
  void sourceOfTheStandardPropertyDependsOnTheVendor(String vendor, MppSource source) {
    Map<String, String> properties =
        Map.of(
            "openslide.mpp-x",
            "0.25",
            "openslide.mpp-y",
            "0,26",
            "openslide.objective-power",
            "20");
    assertEquals(Optional.of(new Mpp(0.25, 0.26, source)), decide(vendor, properties));
  }

  @Test
  void objectivePowerIsTheLastResort() {
    Mpp forty = new Mpp(0.25, 0.25, MppSource.OBJECTIVE_POWER);
    assertEquals(Optional.of(forty), decide("aperio", Map.of("openslide.objective-power", "40")));
    assertEquals(Optional.empty(), decide("aperio", Map.of("openslide.objective-power", "0")));
    assertEquals(Optional.empty(), decide("aperio", Map.of("openslide.objective-power", "many")));
  }

  @ParameterizedTest
  @CsvSource({"centimeter, 20000, 0.5", "inch, 50800, 0.5"})
  void tiffResolutionNeedsItsUnit(String unit, String resolution, double mpp) {
    Map<String, String> stated =
        Map.of(
            "tiff.XResolution", resolution,
            "tiff.YResolution", resolution,
            "tiff.ResolutionUnit", unit);
    assertEquals(
        Optional.of(new Mpp(mpp, mpp, MppSource.TIFF_RESOLUTION)), decide("generic-tiff", stated));
    Map<String, String> unitless =
        Map.of("tiff.XResolution", resolution, "tiff.YResolution", resolution);
    assertEquals(Optional.empty(), decide("generic-tiff", unitless));
  }

  @Test
  void resolutionsForPrintAreNoStatement() {
    Map<String, String> screen =
        Map.of("tiff.XResolution", "72", "tiff.YResolution", "72", "tiff.ResolutionUnit", "inch");
    assertEquals(Optional.empty(), decide("generic-tiff", screen));
  }

  @ParameterizedTest
  @CsvSource({"72, false", "300, false", "2400, false", "2540, true", "25400, true"})
  void whatIsCoarserThanAnyLevel0IsNamedInstead(double dpi, boolean believed) {
    MppEvidence evidence =
        new MppEvidence().add(MppSource.TIFF_RESOLUTION, 25_400 / dpi, 25_400 / dpi);
    assertEquals(believed, evidence.decide(SlideOptions.DEFAULT).isPresent());
    assertEquals(!believed, evidence.refused().isPresent());
    if (!believed) {
      String text = evidence.refused().orElseThrow();
      assertTrue(text.contains(Integer.toString((int) dpi)), text);
    }
  }

  @ParameterizedTest
  @CsvSource({"um, 4", "micron, 4", "\\u00B5m, 4", "nm, 0.004", "mm, 4000", "inch, 101600"})
  void imageJStatesItsUnitInTheDescription(String unit, double resolution) {
    Map<String, String> properties =
        Map.of(
            "tiff.ImageDescription",
            "ImageJ=1.53t\nunit=" + unit + "\nloop=false",
            "tiff.XResolution",
            Double.toString(resolution),
            "tiff.YResolution",
            Double.toString(resolution),
            "tiff.ResolutionUnit",
            "none");
    assertEquals(0.25, decide("generic-tiff", properties).orElseThrow().x(), 1e-12);
  }

  @Test
  void imageJWithoutAUnitOfLengthSaysNothing() {
    Map<String, String> properties =
        Map.of(
            "tiff.ImageDescription", "ImageJ=1.53t\nunit=pixel",
            "tiff.XResolution", "4",
            "tiff.YResolution", "4");
    assertEquals(Optional.empty(), decide("generic-tiff", properties));
  }

  private static Optional<Mpp> decide(String vendor, Map<String, String> properties) {
    return new MppEvidence().addProperties(vendor, properties).decide(SlideOptions.DEFAULT);
  }
}
