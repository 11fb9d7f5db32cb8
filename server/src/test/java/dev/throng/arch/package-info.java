/**
 * Rules that hold over all sources: arrows between packages, tidiness, current reference documents.
 */
@NullMarked
package dev.throng.arch;

import org.jspecify.annotations.NullMarked;
