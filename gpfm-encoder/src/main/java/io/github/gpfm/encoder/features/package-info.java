/**
 * Feature files: written row by row without ever holding all features in memory, read back the same
 * way, in the formats that Python's tools know.
 */
@NullMarked
package io.github.gpfm.encoder.features;

import org.jspecify.annotations.NullMarked;
