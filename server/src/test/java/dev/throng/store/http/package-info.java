/** Tests of the client for remote stores, against servers that misbehave. */
@NullMarked
package dev.throng.store.http;

import org.jspecify.annotations.NullMarked;
