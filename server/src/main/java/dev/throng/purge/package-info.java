/** Purges what belongs to deleted documents, and verifies that it is gone. */
@NullMarked
package dev.throng.purge;

import org.jspecify.annotations.NullMarked;
