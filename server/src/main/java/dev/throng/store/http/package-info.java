/** JSON over HTTP to a store that runs elsewhere. */
@NullMarked
package dev.throng.store.http;

import org.jspecify.annotations.NullMarked;
