/** Paths for operators. */
@NullMarked
package dev.throng.http.admin;

import org.jspecify.annotations.NullMarked;
