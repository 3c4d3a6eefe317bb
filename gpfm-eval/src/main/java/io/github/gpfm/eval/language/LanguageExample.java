package io.github.gpfm.eval.language;

import io.github.gpfm.eval.data.FeatureBag;
import java.util.function.Supplier;

/**
 * Visual features with what is asked and what is to be said.
 *
 * @param bag features of the image or slide
 * @param question what is asked; empty for a report
 * @param text the answer, or the report
 */
public record LanguageExample(Supplier<FeatureBag> bag, String question, String text) {}
