package io.github.gpfm.encoder.weights;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.WeightsException;
import io.github.gpfm.testkit.Archives;
import io.github.gpfm.testkit.Mutator;
import io.github.gpfm.testkit.ReaderFuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weight files from strangers: damaged at random, in their pickles, and made to be endless. */
class HostileWeightsTest {
  @TempDir private Path folder;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = HostileWeightsTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static void readAll(Path file) {
    WeightFile weights = WeightFile.open(file);
    weights.metadata().size();
    for (WeightTensor tensor : weights.tensors().values()) {
      if (tensor.count() < 1 << 20) {
        try {
          tensor.toFloats();
        } catch (WeightsException e) {
          // Of an element type that networks do not compute with.
          assertTrue(String.valueOf(e.getMessage()).startsWith("Values of type"), e.getMessage());
        }
      }
    }
  }

  private ReaderFuzz fuzz(String name) {
    return new ReaderFuzz(
        folder.resolve(name), WeightsException.class, HostileWeightsTest::readAll);
  }

  private static List<byte[]> resources(String... names) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String name : names) {
      all.add(resource(name));
    }
    return all;
  }

  @Test
  void damagedArchivesAreRefusedInASentence() throws Exception {
    fuzz("mutant.pth")
        .run(
            resources("values.pth", "values_p4.pth"),
            Mutator::mutate,
            ReaderFuzz.seed(61),
            ReaderFuzz.rounds())
        .requireSound();
  }

  @Test
  void damagedPicklesAreRefusedInASentence() throws Exception {
    fuzz("pickle.pth")
        .run(
            resources("values.pth", "values_p4.pth"),
            (mutator, original) ->
                Archives.change(original, n -> n.endsWith("data.pkl"), mutator::pickle),
            ReaderFuzz.seed(62),
            ReaderFuzz.rounds())
        .requireSound();
  }

  @Test
  void damagedLegacyFilesAreRefusedInASentence() throws Exception {
    fuzz("legacy.pth")
        .run(
            resources("values_legacy.pth", "values_legacy_p4.pth"),
            Mutator::mutate,
            ReaderFuzz.seed(63),
            ReaderFuzz.rounds() / 2)
        .run(
            resources("values_legacy.pth", "values_legacy_p4.pth"),
            Mutator::pickle,
            ReaderFuzz.seed(63),
            ReaderFuzz.rounds() / 2)
        .requireSound();
  }

  @Test
  void damagedSafetensorsAreRefusedInASentence() throws Exception {
    Path sound = folder.resolve("sound.safetensors");
    Safetensors.write(
        sound,
        List.of(
            WeightTensor.ofFloats("a", List.of(2L, 3L), new float[6]),
            WeightTensor.ofLongs("b.c", List.of(4L), new long[4])),
        Map.of("made", "here"));
    fuzz("mutant.safetensors")
        .run(
            List.of(Files.readAllBytes(sound)),
            Mutator::mutate,
            ReaderFuzz.seed(64),
            ReaderFuzz.rounds())
        .requireSound();
  }

  /** A file whose pickle is what the bytes say. */
  private Path checkpoint(byte[] pickle) throws IOException {
    byte[] archive = Archives.change(resource("values.pth"), n -> n.endsWith(".pkl"), p -> pickle);
    return Files.write(folder.resolve("crafted.pth"), archive);
  }

  private static byte[] program(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof byte[] bytes) {
        out.writeBytes(bytes);
      } else {
        out.writeBytes(part.toString().getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return out.toByteArray();
  }

  /** Thirty times: a container of the last one, put into the memo and taken twice. */
  private static String doubled(String open, String close) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(open).append("h\0h\0").append(close).append("q\0");
    }
    return text.toString();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endlessProgramsEndWithinTheirBudget() throws IOException {
    String head = "\u0080\u0002";
    List<byte[]> programs =
        List.of(
            // What the memo doubles, as list, tuple, key and value.
            program(head, "]q\0", doubled("(", "l"), "."),
            program(head, ")q\0", doubled("(", "t"), "."),
            program(head, "}K\1q\0", doubled("", "\u0086"), "K\1s."),
            program(head, "}q\1)q\0", doubled("(", "t"), "h\1h\0K\1s."),
            program(head, "}q\1X\1\0\0\0a(q\0", "h\1".repeat(1), "."),
            // Marks, empty containers, numbers and stops without end.
            program(head, "(".repeat(2_000_000), "."),
            program(head, "}".repeat(11_000_000), "."),
            program(head, "](", "]".repeat(11_000_000), "e."),
            // A number and a text as long as they say, and longer than there is.
            program(head, "}\u008b\0\0\0\1", new byte[1 << 24], "K\1s."),
            program(head, "}I", "9".repeat(2_000_000), "\nK\1s."),
            program(head, "}X\377\377\377\177abc."),
            program(head, "}\u008b\377\377\377\377abc."),
            // Nested as keys and as values.
            program(head, "}(", "(".repeat(5000), "t".repeat(5000), "K\1d."),
            program(head, "]".repeat(5000), "a".repeat(4999), "."),
            // A list within itself.
            program(head, "]q\0h\0a."),
            program(head, "}q\0X\1\0\0\0ah\0s."));
    for (int i = 0; i < programs.size(); i++) {
      Path file = checkpoint(programs.get(i));
      String which = "program " + i;
      try {
        readAll(file);
      } catch (WeightsException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("crafted.pth"), which + ": " + message);
      }
    }
  }

  @Test
  void aLongNumberIsRefusedWhereItStands() throws IOException {
    Path file = checkpoint(program("\u0080\u0002}\u008b\0\0\0\1", new byte[1 << 24], "K\1s."));
    WeightsException e = assertThrows(WeightsException.class, () -> WeightFile.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains("gpfm.limit"), e.getMessage());
  }

  @Test
  void aNumberOfNegativeLengthIsDamageAndNoQuestionOfLimits() throws IOException {
    Path file = checkpoint(program("\u0080\u0002}\u008b\373\377\377\377abcdefK\1s."));
    WeightsException e = assertThrows(WeightsException.class, () -> WeightFile.open(file));
    assertTrue(String.valueOf(e.getMessage()).contains("negative length"), e.getMessage());
  }

  @Test
  void whatIsNoJsonIsSaidWithoutTheLibrarysAdvice() throws IOException {
    byte[] header = "{\"a\":{\"dtype\":F32}}".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    Path file = folder.resolve("header.safetensors");
    Files.write(file, bytes.putLong(header.length).put(header).array());
    WeightsException e = assertThrows(WeightsException.class, () -> WeightFile.open(file));
    assertTrue(
        String.valueOf(e.getMessage()).contains("(malformed JSON at line 1"), e.getMessage());
  }
}
