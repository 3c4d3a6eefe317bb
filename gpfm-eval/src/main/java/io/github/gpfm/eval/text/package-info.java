/** Figures of merit of generated text: BLEU, METEOR, ROUGE-L. */
@NullMarked
package io.github.gpfm.eval.text;

import org.jspecify.annotations.NullMarked;
