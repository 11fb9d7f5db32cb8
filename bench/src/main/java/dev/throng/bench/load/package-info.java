/** Load tests: users who ask, think and ask again, and a report of what they experienced. */
@NullMarked
package dev.throng.bench.load;

import org.jspecify.annotations.NullMarked;
