/** What executors and the driver do behind the public classes. */
@NullMarked
package io.github.gpfm.spark.internal;

import org.jspecify.annotations.NullMarked;
