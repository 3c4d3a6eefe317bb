package io.github.gpfm.support.hdf5;

import io.github.gpfm.support.Limits;
import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.filter.Filter;
import io.jhdf.filter.FilterManager;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** HDF5's deflate filter, but that a chunk cannot inflate without end. */
final class BoundedDeflate implements Filter {
  private static final int DEFLATE = 1;

  private static final class Installed {
    private static final boolean DONE = install();

    private static boolean install() {
      FilterManager.addFilter(new BoundedDeflate());
      return true;
    }
  }

  /** Takes the place of the library's own filter. */
  static boolean install() {
    return Installed.DONE;
  }

  @Override
  public int getId() {
    return DEFLATE;
  }

  @Override
  public String getName() {
    return "deflate";
  }

  @Override
  public byte[] decode(byte[] encoded, int[] settings) {
    long most = Math.min(Limits.defaults().bytes(), Integer.MAX_VALUE - 16);
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(encoded);
      ByteArrayOutputStream out =
          new ByteArrayOutputStream((int) Math.min(most, Math.max(512L, 4L * encoded.length)));
      byte[] part = new byte[1 << 14];
      while (!inflater.finished()) {
        int read = inflater.inflate(part);
        if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new HdfFilterException("a compressed chunk ends early");
        }
        if (out.size() + (long) read > most) {
          throw new HdfFilterException(
              "a chunk inflates to more than %d MB; raise -Dgpfm.limit.bytes if it can be trusted"
                  .formatted(most >> 20));
        }
        out.write(part, 0, read);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new HdfFilterException("a compressed chunk is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
