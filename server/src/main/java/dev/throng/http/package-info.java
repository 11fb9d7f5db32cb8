/** HTTP: routes, JSON, event streams, errors. No logic of its own. */
@NullMarked
package dev.throng.http;

import org.jspecify.annotations.NullMarked;
