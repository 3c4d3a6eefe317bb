/** Warm-up and cosine schedules. */
@NullMarked
package io.github.gpfm.distill.schedule;

import org.jspecify.annotations.NullMarked;
