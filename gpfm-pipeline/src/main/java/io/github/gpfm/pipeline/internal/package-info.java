/** Stages, threads and names behind the pipelines. */
@NullMarked
package io.github.gpfm.pipeline.internal;

import org.jspecify.annotations.NullMarked;
