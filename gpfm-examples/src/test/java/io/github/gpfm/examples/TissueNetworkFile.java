package io.github.gpfm.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A small network that finds tissue, as a TorchScript file. */
final class TissueNetworkFile {
  /** Tissue is redder than it is green; the input is normalised as ImageNet's. */
  private static final String NETWORK =
      """
      class Tissue(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Tissue, x: Tensor) -> Tensor:
          red = torch.add(torch.mul(torch.slice(x, 1, 0, 1), 0.229), 0.485)
          green = torch.add(torch.mul(torch.slice(x, 1, 1, 2), 0.224), 0.456)
          return torch.sub(torch.mul(torch.sub(red, green), 60.), OFFSET)
      """;

  private TissueNetworkFile() {}

  /** A TorchScript archive without weights: stored entries, the objects pickled. */
  static Path write(Path file, String offset) throws IOException {
    String objects = "\u0080\u0002c__torch__\nTissue\n)\u0081}X\b\0\0\0training\u0089sb.";
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, "data.pkl", objects.getBytes(StandardCharsets.ISO_8859_1));
      put(
          zip,
          "code/__torch__.py",
          NETWORK.replace("OFFSET", offset).getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "version", "10\n".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("tissue/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
