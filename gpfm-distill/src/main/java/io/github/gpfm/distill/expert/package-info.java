/** Frozen foundation models that teach class and patch tokens. */
@NullMarked
package io.github.gpfm.distill.expert;

import org.jspecify.annotations.NullMarked;
