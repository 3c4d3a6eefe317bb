package io.github.gpfm.slideio.internal.codec;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JPEG through the system's libjpeg-turbo (its TurboJPEG interface), with the exact inverse
 * transform and interpolated chroma: the pixels of the JDK's decoder, to the bit. Only kinds for
 * which that was found to be so are taken, and a library that gives other pixels of a known
 * picture, or is silent about damage, is not used.
 *
 * <p>A picture that it has anything to say about is left to the JDK's decoder, which tells damage
 * from harmless filling bytes.
 */
public final class TurboJpeg {
  /** System property: the shared library's file, or {@code none} not to use one. */
  public static final String PROPERTY = "gpfm.turbojpeg.library";

  private static final Logger LOG = LoggerFactory.getLogger(TurboJpeg.class);

  private static final int RGB = 0;
  private static final int GREY = 6;
  private static final int PACKED =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 8 /* BGRA */ : 10 /* ARGB */;
  private static final int ACCURATE = 4096;

  /** SOI and Adobe's marker, the last byte of which says whether three components are YCbCr. */
  private static final byte[] START = {
    (byte) 0xff,
    (byte) 0xd8,
    (byte) 0xff,
    (byte) 0xee,
    0,
    14,
    'A',
    'd',
    'o',
    'b',
    'e',
    0,
    100,
    0,
    0,
    0,
    0,
    0
  };

  private static final String PROBE = "probe.jpg";
  static final long PROBE_CRC = 0xd3f20bfcL;

  private final String failure;
  private final String name;
  private final BlockingQueue<Decoder> idle = new ArrayBlockingQueue<>(32);

  private static final class Holder {
    static final TurboJpeg INSTANCE = load();
  }

  private TurboJpeg(String name, String failure) {
    this.name = name;
    this.failure = failure;
  }

  /** The library of this process. */
  public static TurboJpeg get() {
    return Holder.INSTANCE;
  }

  /** Whether the library was found and is used. */
  public boolean available() {
    return failure.isEmpty();
  }

  /** Why it is not used, as a clause; empty when it is. */
  public String failure() {
    return failure;
  }

  /** By what name it was found; empty when it is not used. */
  public String name() {
    return name;
  }

  /** The samples as coded; {@code null} where the JDK's decoder is to decode. */
  @Nullable DecodedImage samples(JpegPicture picture) {
    if (!takes(picture)) {
      return null;
    }
    int bands = picture.header().components();
    Decoder decoder = borrow();
    if (decoder == null) {
      return null;
    }
    try {
      // Told that three components are RGB, it leaves them as they are.
      Memory pixels =
          decoder.decode(picture, false, bands == 1 ? GREY : RGB, bands * picture.width());
      if (pixels == null) {
        return null;
      }
      byte[] samples = new byte[picture.width() * picture.height() * bands];
      pixels.read(0, samples, 0, samples.length);
      return new DecodedImage(picture.width(), picture.height(), bands, samples);
    } finally {
      giveBack(decoder);
    }
  }

  /**
   * As {@link JpegPicture#argb}.
   *
   * @return {@code false} where the JDK's decoder is to decode; nothing is written then
   */
  boolean argb(JpegPicture picture, boolean yCbCr, int[] argb, int targetWidth, int targetHeight) {
    if (!takes(picture)) {
      return false;
    }
    Decoder decoder = borrow();
    if (decoder == null) {
      return false;
    }
    try {
      Memory pixels = decoder.decode(picture, yCbCr, PACKED, 4 * picture.width());
      if (pixels == null) {
        return false;
      }
      int columns = Math.min(picture.width(), targetWidth);
      int rows = Math.min(picture.height(), targetHeight);
      if (columns == picture.width() && columns == targetWidth) {
        pixels.read(0, argb, 0, columns * rows);
        return true;
      }
      IntBuffer from = pixels.getByteBuffer(0, pixels.size()).asIntBuffer();
      for (int y = 0; y < rows; y++) {
        from.position(y * picture.width());
        from.get(argb, y * targetWidth, columns);
      }
      return true;
    } finally {
      giveBack(decoder);
    }
  }

  /**
   * The kinds that both decoders interpolate alike: grey, full chroma, and chroma halved along rows
   * or both ways. (Chroma halved along columns only is smoothed here and repeated by libjpeg 6b.)
   */
  private boolean takes(JpegPicture picture) {
    if (!available()) {
      return false;
    }
    JpegHeader header = picture.header();
    if (header.components() == 1) {
      return true;
    }
    int luma = header.sampling(0);
    int chroma = header.sampling(1);
    boolean known = luma == 0x11 || luma == 0x21 || luma == 0x22;
    return known && chroma == 0x11 && header.sampling(2) == chroma;
  }

  private @Nullable Decoder borrow() {
    Decoder decoder = idle.poll();
    if (decoder != null) {
      return decoder;
    }
    Pointer handle = TurboJpegFunctions.tjInitDecompress();
    return handle == null ? null : new Decoder(handle);
  }

  private void giveBack(Decoder decoder) {
    if (!decoder.isSmall() || !idle.offer(decoder)) {
      decoder.close();
    }
  }

  /** A handle of the library's with room for a stream and its pixels; for one thread at a time. */
  private static final class Decoder implements AutoCloseable {
    /** More room than this is not kept. */
    private static final long KEPT = 4 << 20;

    private final Pointer handle;
    private @Nullable Memory input;
    private @Nullable Memory output;

    Decoder(Pointer handle) {
      this.handle = handle;
    }

    /** The pixels, overwritten by the next call; {@code null} if there was anything to say. */
    @Nullable Memory decode(JpegPicture picture, boolean yCbCr, int format, int pitch) {
      byte[] stream = picture.stream();
      int length = START.length + stream.length - 2;
      Memory in = room(input, length);
      input = in;
      in.write(0, START, 0, START.length);
      if (yCbCr) {
        in.setByte(START.length - 1, (byte) 1);
      }
      in.write(START.length, stream, 2, stream.length - 2);
      Memory out = room(output, (long) pitch * picture.height());
      output = out;
      int result =
          TurboJpegFunctions.tjDecompress2(
              handle,
              in,
              new NativeLong(length),
              out,
              picture.width(),
              pitch,
              picture.height(),
              format,
              ACCURATE);
      return result == 0 ? out : null;
    }

    private static Memory room(@Nullable Memory there, long bytes) {
      if (there != null && there.size() >= bytes) {
        return there;
      }
      // In this order: where there is no memory left, the decoder keeps what it has.
      Memory more = new Memory(Math.max(1 << 16, bytes));
      if (there != null) {
        there.close();
      }
      return more;
    }

    boolean isSmall() {
      long kept = (input == null ? 0 : input.size()) + (output == null ? 0 : output.size());
      return kept <= KEPT;
    }

    @Override
    public void close() {
      TurboJpegFunctions.tjDestroy(handle);
      for (Memory each : new @Nullable Memory[] {input, output}) {
        if (each != null) {
          each.close();
        }
      }
    }
  }

  private static TurboJpeg load() {
    String configured = System.getProperty(PROPERTY, "").strip();
    if (configured.equals("none")) {
      return new TurboJpeg("", "switched off by -D" + PROPERTY);
    }
    if (!configured.isEmpty()) {
      if (!Files.isRegularFile(Path.of(configured))) {
        String failure = "-D" + PROPERTY + " names " + configured + ", which is not a file";
        LOG.warn("libjpeg-turbo is not used: {}.", failure);
        return new TurboJpeg("", failure);
      }
      TurboJpeg library = bind(List.of(configured));
      if (!library.available()) {
        LOG.warn("libjpeg-turbo is not used: {}.", library.failure());
      }
      return library;
    }
    if (Platform.isMac()) {
      return bind(
          List.of(
              "turbojpeg",
              "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
              "/opt/homebrew/lib/libturbojpeg.dylib",
              "/usr/local/lib/libturbojpeg.dylib",
              "/opt/local/lib/libturbojpeg.dylib"));
    }
    return bind(List.of("turbojpeg", Platform.isWindows() ? "libturbojpeg" : "libturbojpeg.so.0"));
  }

  private static TurboJpeg bind(List<String> names) {
    for (String name : names) {
      try {
        TurboJpegFunctions.bind(NativeLibrary.getInstance(name));
        TurboJpeg library = new TurboJpeg(name, "");
        String fault = library.fault();
        return fault.isEmpty() ? library : new TurboJpeg("", fault);
      } catch (UnsatisfiedLinkError e) {
        LOG.debug("libjpeg-turbo is not found as {}: {}", name, e.getMessage());
      } catch (NoClassDefFoundError | ExceptionInInitializerError e) {
        return new TurboJpeg("", "JNA cannot start: " + e.getMessage());
      }
    }
    return new TurboJpeg(
        "",
        names.size() == 1
            ? "the library " + names.get(0) + " cannot be used"
            : "library not found: install libjpeg-turbo (Debian: libturbojpeg0, macOS: brew"
                + " install jpeg-turbo) or name the library's file with -D"
                + PROPERTY
                + "=FILE");
  }

  /**
   * What is wrong with it: it must make the known pixels of a picture with halved chroma, and have
   * something to say about half of that picture. Old ones do not; a program may have loaded one
   * under the same name, as Bio-Formats does.
   */
  private String fault() {
    try {
      JpegPicture probe = probe();
      DecodedImage decoded = samples(probe);
      if (decoded == null || crc(decoded) != PROBE_CRC) {
        return "it decodes a known picture otherwise than the JDK";
      }
      return samples(cut(probe)) == null ? "" : "it takes a picture that is cut off for whole";
    } catch (CodecException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first half of a picture's data, with the end marker that every stream is given. */
  private static JpegPicture cut(JpegPicture picture) {
    byte[] stream = picture.stream();
    byte[] half = Arrays.copyOf(stream, stream.length / 2 + 2);
    half[half.length - 2] = stream[stream.length - 2];
    half[half.length - 1] = stream[stream.length - 1];
    return new JpegPicture(picture.header(), half, picture.width(), picture.height());
  }

  static JpegPicture probe() throws CodecException {
    try (InputStream in = TurboJpeg.class.getResourceAsStream(PROBE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + PROBE + " is missing");
      }
      return JpegDecoder.open(in.readAllBytes(), null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static long crc(DecodedImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.samples());
    return crc.getValue();
  }
}
