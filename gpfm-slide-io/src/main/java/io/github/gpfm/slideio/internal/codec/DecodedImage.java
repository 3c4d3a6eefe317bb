package io.github.gpfm.slideio.internal.codec;

/**
 * A decoded JPEG or JPEG 2000 image.
 *
 * @param width pixels
 * @param height pixels
 * @param bands 1 or 3
 * @param samples height x width x bands, interleaved, 8 bits each
 */
public record DecodedImage(int width, int height, int bands, byte[] samples) {}
