/**
 * Dense linear algebra behind one interface: ND4J, or plain Java where its natives are left out.
 */
@NullMarked
package io.github.gpfm.eval.linalg;

import org.jspecify.annotations.NullMarked;
