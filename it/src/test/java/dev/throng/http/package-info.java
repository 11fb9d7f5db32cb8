/** What replicas share for their listeners, on a real Redis. */
@NullMarked
package dev.throng.http;

import org.jspecify.annotations.NullMarked;
