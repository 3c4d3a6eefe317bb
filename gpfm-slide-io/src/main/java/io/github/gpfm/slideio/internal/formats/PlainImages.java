package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.MemoryImage;
import io.github.gpfm.slideio.internal.builtin.SlideContent;
import io.github.gpfm.slideio.internal.builtin.WholeImage;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.Jpeg2000Decoder;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.awt.image.BufferedImage;

/** PNG, JPEG and JPEG 2000 pictures as slides of one level, decoded when opened. */
final class PlainImages {
  static final String VENDOR = "image";

  private static final int MAX_BYTES = 1 << 28;

  private PlainImages() {}

  static boolean recognises(byte[] head) {
    return isPng(head) || isJpeg(head) || Jpeg2000Decoder.recognises(head);
  }

  static SlideContent open(SlideFile file, byte[] head) {
    if (file.size() > MAX_BYTES) {
      throw file.unsupported("a plain image of more than " + MAX_BYTES + " bytes");
    }
    SlideContent content = new SlideContent(VENDOR, file);
    try {
      content.addLevel(decode(file.read(0, file.size()), head));
    } catch (CodecException e) {
      throw file.damaged(String.valueOf(e.getMessage()), e);
    }
    return content;
  }

  /** Decodes a complete JPEG, for instance one inside XML. */
  static BufferedImage jpeg(SlideFile file, byte[] bytes) {
    try {
      return WholeImage.of(Pictures.jpeg(bytes));
    } catch (CodecException e) {
      throw file.damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private static MemoryImage decode(byte[] bytes, byte[] head) throws CodecException {
    if (isPng(head)) {
      return Pictures.png(bytes);
    }
    return isJpeg(head) ? Pictures.jpeg(bytes) : Pictures.jpeg2000(bytes);
  }

  private static boolean isPng(byte[] head) {
    return head.length > 8 && (head[0] & 0xff) == 0x89 && head[1] == 'P' && head[2] == 'N';
  }

  private static boolean isJpeg(byte[] head) {
    return head.length > 3
        && (head[0] & 0xff) == 0xff
        && (head[1] & 0xff) == 0xd8
        && (head[2] & 0xff) == 0xff;
  }
}
