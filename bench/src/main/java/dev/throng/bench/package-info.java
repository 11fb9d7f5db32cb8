/** Benchmarks: each prints a ratio against a reference that ran in the same minute. */
@NullMarked
package dev.throng.bench;

import org.jspecify.annotations.NullMarked;
