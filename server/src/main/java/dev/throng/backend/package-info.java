/** What makes text and vectors: generators, embedders, and the pool of backends behind them. */
@NullMarked
package dev.throng.backend;

import org.jspecify.annotations.NullMarked;
