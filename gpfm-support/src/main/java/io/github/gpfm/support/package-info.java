/**
 * What the modules share and nobody else should call: files that appear whole or not at all, hashes
 * that are computed once, the store that decides whether a result is there already, and strict
 * YAML. Nothing here is API: it may change in any version.
 */
@NullMarked
package io.github.gpfm.support;

import org.jspecify.annotations.NullMarked;
