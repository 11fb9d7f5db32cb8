/** Tests of the catalogue: what is in memory is what is on disk. */
@NullMarked
package dev.throng.catalog;

import org.jspecify.annotations.NullMarked;
