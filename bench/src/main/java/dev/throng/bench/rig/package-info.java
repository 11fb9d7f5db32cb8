/** What benchmarks and drills run and ask: processes, questions, a proxy that counts, a client. */
@NullMarked
package dev.throng.bench.rig;

import org.jspecify.annotations.NullMarked;
