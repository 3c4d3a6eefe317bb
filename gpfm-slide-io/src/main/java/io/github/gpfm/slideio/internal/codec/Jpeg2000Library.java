package io.github.gpfm.slideio.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.jaiimageio.jpeg2000.impl.IISRandomAccessIO;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReadParamJava;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import jj2000.j2k.codestream.HeaderInfo;
import jj2000.j2k.codestream.reader.BitstreamReaderAgent;
import jj2000.j2k.codestream.reader.HeaderDecoder;
import jj2000.j2k.decoder.DecoderSpecs;
import jj2000.j2k.entropy.decoder.EntropyDecoder;
import jj2000.j2k.image.DataBlkInt;
import jj2000.j2k.image.ImgDataConverter;
import jj2000.j2k.image.invcomptransf.InvCompTransf;
import jj2000.j2k.io.RandomAccessIO;
import jj2000.j2k.quantization.dequantizer.Dequantizer;
import jj2000.j2k.roi.ROIDeScaler;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.StreamMsgLogger;
import jj2000.j2k.wavelet.synthesis.InverseWT;

/**
 * JJ2000's chain of decoding stages, as jai-imageio-jpeg2000 ships it. The chain is put together
 * here because the library's image reader takes no subsampled chroma, which Aperio's slides have.
 */
final class Jpeg2000Library {
  static {
    // What the library says on the console goes into the exceptions where it matters.
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    FacilityManager.registerMsgLogger(null, new StreamMsgLogger(nowhere, nowhere, 78));
  }

  private final Jpeg2000Size size;
  private final InvCompTransf samples;
  private final byte[] target;
  private final int bands;

  private Jpeg2000Library(Jpeg2000Size size, InvCompTransf samples) {
    this.size = size;
    this.samples = samples;
    this.bands = size.components() >= 3 ? 3 : 1;
    this.target = new byte[size.width() * size.height() * bands];
  }

  /**
   * Decodes a codestream that has been checked.
   *
   * @param input at the codestream's start
   * @return the first component, or the first three; smaller ones repeated to full size
   * @throws IOException if it is damaged; the library throws {@link RuntimeException} and {@link
   *     Error} for that too
   */
  static DecodedImage decode(Jpeg2000Input input, Jpeg2000Size size) throws IOException {
    Jpeg2000Library library = new Jpeg2000Library(size, chain(new IISRandomAccessIO(input), size));
    for (int row = 0; row < library.samples.getNumTiles(null).y; row++) {
      for (int column = 0; column < library.samples.getNumTiles(null).x; column++) {
        library.samples.setTile(column, row);
        for (int band = 0; band < library.bands; band++) {
          library.tile(band);
        }
      }
    }
    return new DecodedImage(size.width(), size.height(), library.bands, library.target);
  }

  private static InvCompTransf chain(RandomAccessIO input, Jpeg2000Size size) throws IOException {
    J2KImageReadParamJava parameters = new J2KImageReadParamJava();
    HeaderInfo info = new HeaderInfo();
    HeaderDecoder header = new HeaderDecoder(input, parameters, info);
    DecoderSpecs specs = header.getDecoderSpecs();
    int[] depths = new int[size.components()];
    Arrays.fill(depths, 8);
    BitstreamReaderAgent packets =
        BitstreamReaderAgent.createInstance(input, header, parameters, specs, false, info);
    EntropyDecoder blocks = header.createEntropyDecoder(packets, parameters);
    ROIDeScaler regions = header.createROIDeScaler(blocks, parameters, specs);
    Dequantizer coefficients = header.createDequantizer(regions, depths, specs);
    InverseWT wavelet = InverseWT.createInstance(coefficients, specs);
    wavelet.setImgResLevel(packets.getImgRes());
    return new InvCompTransf(new ImgDataConverter(wavelet, 0), specs, depths);
  }

  /** Puts one component of the current tile into the target. */
  private void tile(int band) {
    int width = samples.getTileCompWidth(samples.getTileIdx(), band);
    int height = samples.getTileCompHeight(samples.getTileIdx(), band);
    int stepX = size.stepX(band);
    int stepY = size.stepY(band);
    int left = samples.getCompULX(band) - (size.left() + stepX - 1) / stepX;
    int top = samples.getCompULY(band) - (size.top() + stepY - 1) / stepY;
    int fraction = samples.getFixedPoint(band);
    DataBlkInt line = new DataBlkInt(0, 0, width, 1);
    for (int y = 0; y < height; y++) {
      line.ulx = 0;
      line.uly = y;
      line.w = width;
      line.h = 1;
      line = (DataBlkInt) samples.getInternCompData(line, band);
      int[] data = line.getDataInt();
      for (int x = 0; x < width; x++) {
        int value = (data[line.offset + x] >> fraction) + 128;
        byte sample = (byte) Math.max(0, Math.min(255, value));
        put(band, (left + x) * stepX, (top + y) * stepY, stepX, stepY, sample);
      }
    }
  }

  private void put(int band, int left, int top, int columns, int rows, byte sample) {
    int right = Math.min(size.width(), left + columns);
    int bottom = Math.min(size.height(), top + rows);
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        target[(y * size.width() + x) * bands + band] = sample;
      }
    }
  }
}
