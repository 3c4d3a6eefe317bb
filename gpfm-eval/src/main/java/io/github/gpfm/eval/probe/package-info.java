/**
 * Tile classification on frozen features: linear probe, nearest neighbours, few shots, ridge and
 * logistic regression.
 */
@NullMarked
package io.github.gpfm.eval.probe;

import org.jspecify.annotations.NullMarked;
