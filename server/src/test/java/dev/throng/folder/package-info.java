/** Tests of following folders. */
@NullMarked
package dev.throng.folder;

import org.jspecify.annotations.NullMarked;
