/** Rules for all sources: dependencies between packages, tidiness, current reference documents. */
@NullMarked
package dev.throng.arch;

import org.jspecify.annotations.NullMarked;
