package io.github.gpfm.support.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Where the number of a component, or each number of its list, must lie. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  /** The least that is allowed. */
  double atLeast() default Double.NEGATIVE_INFINITY;

  /** What it must exceed. */
  double moreThan() default Double.NEGATIVE_INFINITY;

  /** The most that is allowed. */
  double atMost() default Double.POSITIVE_INFINITY;

  /** What it must stay below. */
  double lessThan() default Double.POSITIVE_INFINITY;
}
