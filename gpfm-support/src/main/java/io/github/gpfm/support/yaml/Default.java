package io.github.gpfm.support.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component is where its key is missing or null. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** As YAML, for instance {@code "[]"}, {@code "false"} or {@code "0.8"}. */
  String value();
}
