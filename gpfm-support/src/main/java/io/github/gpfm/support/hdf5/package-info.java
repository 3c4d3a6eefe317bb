/**
 * The one door to HDF5 files from strangers: {@link io.github.gpfm.support.hdf5.Hdf5Input}. The
 * library behind it believes what a file says of its sizes; here that is held against the file's
 * length first, and whatever the library throws leaves as the reader's own kind of exception.
 */
@NullMarked
package io.github.gpfm.support.hdf5;

import org.jspecify.annotations.NullMarked;
