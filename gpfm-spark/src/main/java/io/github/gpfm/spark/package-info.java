/** Slides, tiles, features and shards on a Spark cluster, by the classes that one machine uses. */
@NullMarked
package io.github.gpfm.spark;

import org.jspecify.annotations.NullMarked;
