/**
 * The models this library can open, as data.
 *
 * <p>{@link io.github.gpfm.encoder.catalog.Encoders} is the way in: it lists the catalogue, finds a
 * model by name and opens it with the authors' own weight file. A {@link
 * io.github.gpfm.encoder.catalog.ModelCard} holds everything that distinguishes one model from
 * another: its {@link io.github.gpfm.encoder.catalog.Architecture} with all sizes, the {@link
 * io.github.gpfm.encoder.catalog.KeyLayout} that leads from the authors' tensor names to the
 * program's, the preprocessing, the feature, the recommended tiles, licence and citation. Cards are
 * read from YAML ({@link io.github.gpfm.encoder.catalog.ModelCatalog}); a user adds a model with a
 * file of the same form. Nothing here downloads anything.
 */
@NullMarked
package io.github.gpfm.encoder.catalog;

import org.jspecify.annotations.NullMarked;
