/** Where tests find shared fixtures, and how a test that lacks them says so. */
@NullMarked
package io.github.gpfm.testkit;

import org.jspecify.annotations.NullMarked;
