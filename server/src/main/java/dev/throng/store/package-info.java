/** Storage and search of chunks: one contract with several engines. */
@NullMarked
package dev.throng.store;

import org.jspecify.annotations.NullMarked;
