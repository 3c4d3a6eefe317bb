/**
 * The vision transformer in DINOv2's layout: its shape ({@link
 * io.github.gpfm.encoder.vit.VitConfig}), the names its weights have in checkpoints ({@link
 * io.github.gpfm.encoder.vit.VitWeights}), and the program made of both ({@link
 * io.github.gpfm.encoder.vit.VitProgram}). The mathematics is in the resource {@code
 * vit.torchscript}.
 */
@NullMarked
package io.github.gpfm.encoder.vit;

import org.jspecify.annotations.NullMarked;
