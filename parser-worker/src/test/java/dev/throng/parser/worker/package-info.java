/** Tests of formats within one process. */
@NullMarked
package dev.throng.parser.worker;

import org.jspecify.annotations.NullMarked;
