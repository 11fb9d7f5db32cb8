/**
 * Configuration: one record per component, read from YAML, THRONG_* variables and flags. All errors
 * are reported together.
 */
@NullMarked
package dev.throng.config;

import org.jspecify.annotations.NullMarked;
