/** Tests of the rate limits that replicas share, on a real Redis. */
@NullMarked
package dev.throng.http;

import org.jspecify.annotations.NullMarked;
