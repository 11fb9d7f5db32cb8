/**
 * Configuration: one record per component, read from YAML, THRONG_* and flags, every error reported
 * at once.
 */
@NullMarked
package dev.throng.config;

import org.jspecify.annotations.NullMarked;
