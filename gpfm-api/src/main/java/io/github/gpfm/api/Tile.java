package io.github.gpfm.api;

/**
 * One tile: the region to read and where it lies.
 *
 * @param x left edge, level-0 pixels
 * @param y top edge, level-0 pixels
 * @param level the level its pixels are read from
 * @param width pixels of that level to read
 * @param height pixels of that level to read
 */
public record Tile(long x, long y, int level, int width, int height) {}
