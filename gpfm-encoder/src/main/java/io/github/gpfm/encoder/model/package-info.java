/** A network with its weights and all that is known of it, before it is put on a device. */
@NullMarked
package io.github.gpfm.encoder.model;

import org.jspecify.annotations.NullMarked;
