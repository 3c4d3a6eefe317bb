/** Models: weights in, features out. */
@NullMarked
package io.github.gpfm.encoder;

import org.jspecify.annotations.NullMarked;
