/**
 * The source of truth about collections: which documents they contain, which version of each is
 * live, and at which epoch.
 */
@NullMarked
package dev.throng.catalog;

import org.jspecify.annotations.NullMarked;
