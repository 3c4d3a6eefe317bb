/** What a training run is told: records read from YAML over complete presets. */
@NullMarked
package io.github.gpfm.distill.config;

import org.jspecify.annotations.NullMarked;
