/**
 * Whether features follow biology or the center a tile comes from: PathoROB's figures (Kömen et
 * al., 2025), shifts of stain and scanner, and corrections.
 */
@NullMarked
package io.github.gpfm.eval.robust;

import org.jspecify.annotations.NullMarked;
