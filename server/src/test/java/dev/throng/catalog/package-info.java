/** Tests of the catalogue: its memory matches the disk. */
@NullMarked
package dev.throng.catalog;

import org.jspecify.annotations.NullMarked;
