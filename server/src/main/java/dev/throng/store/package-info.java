/** Where chunks are kept and searched: one contract, several engines. */
@NullMarked
package dev.throng.store;

import org.jspecify.annotations.NullMarked;
