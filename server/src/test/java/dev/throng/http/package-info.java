/** Tests of the HTTP layer against a listener in the test's own process. */
@NullMarked
package dev.throng.http;

import org.jspecify.annotations.NullMarked;
