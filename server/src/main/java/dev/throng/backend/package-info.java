/** Generators of text and vectors: generators, embedders, and the pool of backends. */
@NullMarked
package dev.throng.backend;

import org.jspecify.annotations.NullMarked;
