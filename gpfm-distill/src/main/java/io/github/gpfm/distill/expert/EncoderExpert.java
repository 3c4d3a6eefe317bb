package io.github.gpfm.distill.expert;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.data.CropBatch;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Any {@link Encoder}: crops become pictures again and go through the encoder's own preprocessing.
 */
public final class EncoderExpert implements Expert {
  private final Encoder encoder;
  private final CropsConfig crops;

  /**
   * @param encoder closed with the expert
   * @param crops how the batch's crops were normalised
   */
  public EncoderExpert(Encoder encoder, CropsConfig crops) {
    this.encoder = encoder;
    this.crops = crops;
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.with(encoder);
  }

  @Override
  public int dimension() {
    return encoder.info().dimension();
  }

  @Override
  public int patchDimension() {
    return encoder.dimension(TokenOutput.MEAN_PATCH_TOKEN);
  }

  @Override
  public boolean hasPatchTokens() {
    return encoder.info().patchSize() > 0;
  }

  @Override
  public ExpertTokens tokens(CropBatch batch, boolean patchTokens) {
    List<BufferedImage> images = new ArrayList<>();
    for (int i = 0; i < 2 * batch.tiles().length; i++) {
      images.add(picture(batch.globals(), i, batch.globalSize()));
    }
    if (!patchTokens) {
      return ExpertTokens.ofClasses(dimension(), encoder.embed(images).toArray());
    }
    Embeddings embedded = encoder.embed(images, TokenOutput.PATCH_TOKENS);
    Embeddings.PatchGrid grid = embedded.patchGrid().orElseThrow();
    float[] patches = new float[images.size() * grid.length()];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(embedded.patchTokens(i), 0, patches, i * grid.length(), grid.length());
    }
    return new ExpertTokens(dimension(), embedded.toArray(), grid.rows(), grid.columns(), patches);
  }

  @Override
  public void close() {
    encoder.close();
  }

  private BufferedImage picture(float[] values, int index, int size) {
    int plane = size * size;
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    int[] rgb = new int[plane];
    for (int i = 0; i < plane; i++) {
      int packed = 0;
      for (int c = 0; c < 3; c++) {
        float value = values[(index * 3 + c) * plane + i];
        double level = 255 * (value * crops.std().get(c) + crops.mean().get(c));
        packed = packed << 8 | (int) Math.min(255, Math.max(0, Math.rint(level)));
      }
      rgb[i] = packed;
    }
    image.setRGB(0, 0, size, size, rgb, 0, size);
    return image;
  }
}
