/** The equipment of benchmarks and drills: processes, questions, a counting proxy, a client. */
@NullMarked
package dev.throng.bench.rig;

import org.jspecify.annotations.NullMarked;
