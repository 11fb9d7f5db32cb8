/** Documents, folders and reindexes on their way: queued durably, run, retried, cancelled. */
@NullMarked
package dev.throng.jobs;

import org.jspecify.annotations.NullMarked;
