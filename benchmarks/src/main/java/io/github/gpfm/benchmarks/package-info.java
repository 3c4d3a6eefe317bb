/** Programs that measure speed and memory; each prints what it measured and how. */
@NullMarked
package io.github.gpfm.benchmarks;

import org.jspecify.annotations.NullMarked;
