/** Tests of the configuration. */
@NullMarked
package dev.throng.config;

import org.jspecify.annotations.NullMarked;
