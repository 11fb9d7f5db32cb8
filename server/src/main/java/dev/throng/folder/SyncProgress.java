package dev.throng.folder;

/**
 * How far a sync is.
 *
 * @param done files looked at so far
 * @param total files found
 */
public record SyncProgress(int done, int total, String uri) {}
