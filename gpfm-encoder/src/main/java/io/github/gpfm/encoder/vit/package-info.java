/**
 * The vision transformer, written once for inference and training, for every model of the
 * catalogue. Its modules come from {@link io.github.gpfm.encoder.vit.VitProgram}. In DINOv2's
 * layout: its shape ({@link io.github.gpfm.encoder.vit.VitConfig}), the names its weights have in
 * checkpoints ({@link io.github.gpfm.encoder.vit.VitWeights}). The mathematics is in the resource
 * {@code vit.torchscript}.
 */
@NullMarked
package io.github.gpfm.encoder.vit;

import org.jspecify.annotations.NullMarked;
