/** HTTP: routes, JSON, event streams and errors. It contains no logic. */
@NullMarked
package dev.throng.http;

import org.jspecify.annotations.NullMarked;
