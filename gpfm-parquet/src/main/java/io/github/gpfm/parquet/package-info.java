/** Tables of tiles and features in Parquet files. */
@NullMarked
package io.github.gpfm.parquet;

import org.jspecify.annotations.NullMarked;
