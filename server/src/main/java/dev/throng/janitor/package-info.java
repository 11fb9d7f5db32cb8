/** Deletes what is no longer needed, removes deleted documents for good, and verifies that. */
@NullMarked
package dev.throng.janitor;

import org.jspecify.annotations.NullMarked;
