/** What PyTorch's native libraries and NVIDIA's driver are on this machine. */
@NullMarked
package io.github.gpfm.encoder.natives;

import org.jspecify.annotations.NullMarked;
