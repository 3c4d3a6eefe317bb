/**
 * Looking at features: a slide's features as colours ({@link
 * io.github.gpfm.encoder.explain.PrincipalColors}), their likeness to one of them ({@link
 * io.github.gpfm.encoder.explain.Similarity}), and what a transformer looks at within a tile
 * ({@link io.github.gpfm.encoder.explain.VitInspector}). {@link
 * io.github.gpfm.encoder.explain.HeatMap} makes pictures of numbers.
 */
@NullMarked
package io.github.gpfm.encoder.explain;

import org.jspecify.annotations.NullMarked;
