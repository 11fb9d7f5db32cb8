/** Tests of building another index. */
@NullMarked
package dev.throng.reindex;

import org.jspecify.annotations.NullMarked;
