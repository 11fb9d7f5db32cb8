/** Tests of the catalogue on a real PostgreSQL. */
@NullMarked
package dev.throng.catalog;

import org.jspecify.annotations.NullMarked;
