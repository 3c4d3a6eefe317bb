/** The benchmark runner: tasks x encoders, resumable, with ranks and a report. */
@NullMarked
package io.github.gpfm.eval.bench;

import org.jspecify.annotations.NullMarked;
