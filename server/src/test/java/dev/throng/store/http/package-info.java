/** The client of stores elsewhere, against servers that misbehave. */
@NullMarked
package dev.throng.store.http;

import org.jspecify.annotations.NullMarked;
