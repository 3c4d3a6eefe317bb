/**
 * The one way from YAML and {@code --set} to records. {@link
 * io.github.gpfm.support.yaml.YamlReader} makes a small tree in which every value knows its file
 * and line, {@link io.github.gpfm.support.yaml.YamlBinder} makes records of it and names whatever
 * does not fit, {@link io.github.gpfm.support.yaml.YamlWriter} goes back. Nothing here is API.
 *
 * <p>The rules, the same for every file:
 *
 * <ul>
 *   <li>Keys are component names in kebab case, and every key must be known. Where an earlier
 *       version spelt them otherwise, that {@link io.github.gpfm.support.yaml.Spelling} is read
 *       with a note.
 *   <li>A component that is missing or null is an error, unless it is an {@code Optional} or has a
 *       {@link io.github.gpfm.support.yaml.Default}. Presets are laid under a file node by node
 *       before it is bound.
 *   <li>What a scalar means follows from the component's type, not from YAML's guesses: {@code no}
 *       is a text where a text is due and false where true or false is. A number is one in every
 *       form of YAML and of JSON; text in quotes is none; infinities are none.
 * </ul>
 */
@NullMarked
package io.github.gpfm.support.yaml;

import org.jspecify.annotations.NullMarked;
