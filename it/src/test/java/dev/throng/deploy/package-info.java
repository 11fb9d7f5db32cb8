/** Tests of what is in the folder deploy. */
@NullMarked
package dev.throng.deploy;

import org.jspecify.annotations.NullMarked;
