package io.github.gpfm.api;

/**
 * What a caller must know of an encoder before using its features.
 *
 * @param name catalogue name, for instance {@code gpfm}
 * @param architecture one line, for instance {@code ViT-L/14, LayerScale, MLP}
 * @param dimension length of the feature of one image
 * @param inputSize edge of the square network input, pixels
 * @param patchSize edge of one patch token, input pixels; 0 for networks without patch tokens
 * @param tileSize recommended tile edge, pixels at {@code mpp}
 * @param mpp recommended tile resolution, µm per pixel
 * @param licence licence of the weights as their authors state it
 * @param weightsSha256 lower-case hexadecimal SHA-256 of the weight file
 */
public record EncoderInfo(
    String name,
    String architecture,
    int dimension,
    int inputSize,
    int patchSize,
    int tileSize,
    double mpp,
    String licence,
    String weightsSha256) {}
