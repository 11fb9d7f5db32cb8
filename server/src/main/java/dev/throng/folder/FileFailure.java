package dev.throng.folder;

import dev.throng.core.ErrorCode;

/**
 * A file that could not be read, and why.
 *
 * @param uri of the document that it would be, or of the folder
 */
public record FileFailure(String uri, ErrorCode code, String detail) {}
