/** Student, momentum teacher and heads, and one training step of them. */
@NullMarked
package io.github.gpfm.distill.model;

import org.jspecify.annotations.NullMarked;
