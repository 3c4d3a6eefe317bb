/** An encoder behind HTTP, on Jetty: {@link io.github.gpfm.examples.service.EmbeddingService}. */
@NullMarked
package io.github.gpfm.examples.service;

import org.jspecify.annotations.NullMarked;
