package dev.throng.folder;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How a folder is followed.
 *
 * @param memory what its files were like at the last look
 * @param rest a file that was changed more lately is being written
 * @param folders hears of each folder before it is listed
 * @param mayGoOn asked before each file; else {@link SyncStopped} is thrown
 */
record Following(
    FileMemory memory, Duration rest, FolderScan.Folders folders, BooleanSupplier mayGoOn) {}
