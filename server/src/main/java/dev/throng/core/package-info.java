/**
 * Values that every part of Throng shares: ids, digests, error codes and deadlines. Depends on the
 * JDK alone.
 */
@NullMarked
package dev.throng.core;

import org.jspecify.annotations.NullMarked;
