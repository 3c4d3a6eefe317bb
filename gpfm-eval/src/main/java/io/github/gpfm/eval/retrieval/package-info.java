/** Similar tiles: an index to query, and the retrieval figures. */
@NullMarked
package io.github.gpfm.eval.retrieval;

import org.jspecify.annotations.NullMarked;
