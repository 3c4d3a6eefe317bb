/** PyTorch's zip and pickle layouts, as written by both checkpoints and TorchScript archives. */
@NullMarked
package io.github.gpfm.encoder.internal.torch;

import org.jspecify.annotations.NullMarked;
