package dev.throng.folder;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How a folder is followed.
 *
 * @param memory its files at the last scan
 * @param rest a file that was changed more recently is considered to be still being written
 * @param folders receives each folder before it is listed
 * @param mayContinue called before each file; if it returns false, {@link SyncStopped} is thrown
 */
record Following(
    FileMemory memory, Duration rest, FolderScan.Folders folders, BooleanSupplier mayContinue) {}
