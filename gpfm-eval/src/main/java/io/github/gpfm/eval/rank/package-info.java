/** Who wins where: ranks, win counts, Friedman, Nemenyi, Wilcoxon, critical-difference diagram. */
@NullMarked
package io.github.gpfm.eval.rank;

import org.jspecify.annotations.NullMarked;
