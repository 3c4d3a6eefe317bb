package io.github.gpfm.slideio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  private static Optional<Mpp> decide(String vendor, Map<String, String> properties) {
    return new MppEvidence().addProperties(vendor, properties).decide(SlideOptions.DEFAULT);
  }
}
