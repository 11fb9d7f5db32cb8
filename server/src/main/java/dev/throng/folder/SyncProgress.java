package dev.throng.folder;

/**
 * The progress of a sync.
 *
 * @param done files examined so far
 * @param total files found
 */
public record SyncProgress(int done, int total, String uri) {}
