/** Tests of the main path, from a question to a cited answer. */
@NullMarked
package dev.throng.answer;

import org.jspecify.annotations.NullMarked;
