/** The rows of the data sets: beans whose properties are the columns. */
@NullMarked
package io.github.gpfm.spark.rows;

import org.jspecify.annotations.NullMarked;
