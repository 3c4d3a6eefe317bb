package io.github.gpfm.distill.expert;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.charset.StandardCharsets;

/** SHA-256 over the keys of a dataset in order: which tiles a cache or a checkpoint belongs to. */
public final class TileDigest {
  private TileDigest() {}

  /** The digest, lower-case hexadecimal. */
  public static String of(TileDataset tiles) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (int i = 0; i < tiles.size(); i++) {
      hasher.putString(tiles.key(i), StandardCharsets.UTF_8).putByte((byte) 0);
    }
    return hasher.hash().toString();
  }
}
