/**
 * The truth about collections: which documents they hold, which version of each is live, at which
 * epoch.
 */
@NullMarked
package dev.throng.catalog;

import org.jspecify.annotations.NullMarked;
