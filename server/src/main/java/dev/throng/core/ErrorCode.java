package dev.throng.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The ways in which a request can fail. Each failure is classified once, where it is first
 * detected. The name of a code is stable: clients may switch on it. {@code
 * docs/reference/errors.md} is generated from this class.
 */
public enum ErrorCode {
  MALFORMED_JSON(
      400,
      "The body is not valid JSON in UTF-8",
      "Send one JSON object, encoded in UTF-8. The detail names the line and column."),
  INVALID_FIELD(
      400,
      "A field has a wrong type or a value out of range",
      "Correct the field that the detail names. The detail gives the expected value."),
  UNKNOWN_FIELD(
      400, "The request has a field that this server does not know", "Remove or rename the field."),
  QUERY_BLANK(400, "The question is missing, empty or blank", "Send a question in `query`."),
  QUERY_TOO_LONG(
      413,
      "The question is longer than the server accepts",
      "Shorten the question, or raise `server.max_query_chars`."),
  BODY_TOO_LARGE(
      413,
      "The request body is larger than the server accepts",
      "Send a smaller body, or raise `server.max_request_bytes`."),
  RESPONSE_TOO_LARGE(
      400,
      "The response would be larger than the server sends",
      "Ask for fewer passages (`top_k`), or for fewer questions in one batch."),
  UNSUPPORTED_MEDIA_TYPE(
      415, "The body is of a media type that is not accepted here", "Send application/json."),
  NOT_ACCEPTABLE(
      406,
      "None of the accepted media types can be produced",
      "Accept application/json or text/event-stream."),
  NOT_FOUND(404, "There is nothing at this path", "See docs/reference/api.md for the paths."),
  METHOD_NOT_ALLOWED(
      405, "The path exists, but not for this method", "Use a method of the Allow header."),
  UNKNOWN_COLLECTION(
      404,
      "The collection does not exist",
      "Ingest a document into it first, or correct its name."),
  COLLECTION_DELETING(
      409,
      "The collection was deleted, and what belonged to it is still being removed",
      "Send the request again in a minute, or use another name."),
  COLLECTION_FOLLOWED(
      409,
      "The collection follows a folder, which would bring its documents back",
      "Start the server without `--docs` for this folder, or empty the folder."),
  UNKNOWN_STREAM(
      404,
      "No event stream of this request is known",
      "Send the question again. A stream can be resumed for five minutes."),
  STREAM_EXPIRED(
      410,
      "The rest of this event stream is no longer available",
      "Send the question again, and discard the part of the answer that was received."),
  UNAUTHORIZED(
      401,
      "The request carries no valid token for this path",
      "Send `Authorization: Bearer` with the value of THRONG_ADMIN_TOKEN."),
  ADMIN_DISABLED(
      403,
      "Operator paths are switched off",
      "Start the server with THRONG_ADMIN_TOKEN set to a secret of your own."),
  INVALID_TENANT(
      400,
      "The trusted tenant header is missing or is not a valid tenant name",
      "Let the proxy send a name of 1 to 63 letters, digits, `-` or `_`."),
  RATE_LIMITED(
      429,
      "This tenant exceeds its request rate",
      "Retry after the number of seconds in the Retry-After header, or raise `admission.rate_per_second`."),
  OVERLOADED(
      ErrorKind.temporary(503),
      "More work is queued than the server can finish in time",
      "Retry after the number of seconds in the Retry-After header."),
  SHUTTING_DOWN(
      ErrorKind.temporary(503),
      "The server is stopping and takes no new work",
      "Use another replica, or retry later."),
  DEADLINE_EXCEEDED(
      ErrorKind.temporary(504),
      "The answer was not ready before the deadline",
      "Retry, or raise `answer.timeout`."),
  BACKEND_UNREACHABLE(
      ErrorKind.backendFault(502),
      "A backend cannot be reached",
      "Start the backend. `throng doctor` lists the backends that do not answer."),
  BACKEND_ERROR(
      ErrorKind.backendFault(502),
      "A backend returned an error",
      "Read the backend's log. `throng doctor` checks each backend."),
  BACKEND_BUSY(
      ErrorKind.backendFault(503),
      "A backend is overloaded, or its quota is used up",
      "Check the backend's limits and load. The server pauses requests to it for as long as it asked."),
  BACKEND_EMPTY(
      ErrorKind.backendFailure(502),
      "A backend ended a call without any text",
      "Rephrase the question. If every question fails like this, check the backend and its model."),
  BACKEND_REFUSED(
      ErrorKind.backendFailure(502),
      "The model refused to answer, or a filter at the backend withheld the answer",
      "Rephrase the question, or check the backend's filters."),
  BACKEND_PROTOCOL(
      ErrorKind.backendFault(502),
      "A backend broke its protocol: a cut stream, or a line that is not JSON",
      "Check the backend and any proxy in front of it."),
  BACKEND_TIMEOUT(
      ErrorKind.backendFault(504),
      "A backend produced no first token in time",
      "Check the backend's load, or raise `model.first_token_timeout`."),
  BACKEND_STALLED(
      ErrorKind.backendFault(504),
      "A backend stopped in the middle of an answer",
      "Check the backend's load, or raise `model.between_tokens_timeout`."),
  MODEL_MISSING(
      ErrorKind.backendFault(502),
      "The model is not on the backend",
      "Install the model that `throng doctor` names on the backend, on Ollama with `ollama pull`."),
  PROMPT_TOO_LONG(
      ErrorKind.privateDetail(502),
      "The prompt does not fit into the model's context",
      "Lower `retrieval.passage_tokens`, or raise `model.context_tokens`."),
  INDEX_MISMATCH(
      ErrorKind.privateDetail(409),
      "The index was made with another embedding model",
      "Start with the model that the index names, or run `throng reindex`."),
  DATA_FOLDER_UNSAFE(
      ErrorKind.privateDetail(500),
      "The data folder belongs to another user, or other users may write to it",
      "Choose a folder of your own with `--data`, or change its owner or permissions."),
  DATA_FOLDER_IN_USE(
      ErrorKind.privateDetail(500),
      "Another process is using the data folder",
      "Stop that process, or choose another folder with `--data`."),
  DATA_FOLDER_UNWRITABLE(
      ErrorKind.privateDetail(500),
      "A file in the data folder cannot be created or written",
      "Check the permissions of the folder and the free space of its disk, or choose another folder with `--data`."),
  INDEX_SWITCHED(
      ErrorKind.temporary(503),
      "The collection switched to another index, or was deleted, in the meantime",
      "Retry. Jobs continue by themselves."),
  STORE_NOT_SHARED(
      ErrorKind.privateDetail(500),
      "Another replica uses the catalogue, but the index is in this one's data folder",
      "Run a single replica, or choose a `store.kind` that replicas share."),
  STORE_FAILED(
      ErrorKind.outage(500),
      "The index could not be read or written",
      "Check the disk or the store that the log names. `throng doctor` checks both."),
  REPLICA_DISAGREES(
      ErrorKind.privateDetail(503),
      "This replica's configuration or model differs from that of the others",
      "Give all replicas the same configuration and model. `GET /health/ready` reports what differs."),
  STORE_UNAVAILABLE(
      ErrorKind.outage(503),
      "The shared store does not answer",
      "Check the store that the log names. The server recovers by itself when the store is back."),
  CATALOG_UNAVAILABLE(
      ErrorKind.outage(503),
      "The catalogue does not answer, so the current state of the documents is unknown",
      "Check the database or the disk that the log names. The server recovers by itself when it is back."),
  CATALOG_TOO_NEW(
      ErrorKind.privateDetail(500),
      "The data was written by a newer server",
      "Start a server of at least that version, or use another data folder or database."),
  CATALOG_DAMAGED(
      ErrorKind.outage(503), // not the fault of any document
      "The catalogue's file is damaged",
      "Stop the server and restore a backup of `catalog.sqlite`. Without a backup, move the data folder away and ingest the documents again. Uploaded documents are in its `originals` folder."),
  STORAGE_FULL(
      ErrorKind.outage(507),
      "The disk for documents is full",
      "Free some space. Acknowledged documents continue by themselves. Send refused documents again."),
  STORAGE_FAILED(
      ErrorKind.outage(500),
      "A document could not be stored, or a stored document could not be read",
      "Check the folder or the database that the log names. Jobs continue by themselves."),
  UNKNOWN_DOCUMENT(
      404,
      "The collection has no such document",
      "List the collection's documents. A document that is not yet published has only a job."),
  UNKNOWN_PAGE(
      404,
      "The document has no such page",
      "Read a page that exists. Formats without pages are read at `.../text`."),
  UNKNOWN_JOB(
      404, "There is no such job", "List the jobs. Finished jobs are removed after a while."),
  UNKNOWN_FEEDBACK(
      404, "There is no such feedback", "It was deleted, or is older than `feedback.retention`."),
  QUEUE_FULL(
      429,
      "Too many documents of this tenant are waiting to be ingested",
      "Retry after the number of seconds in the Retry-After header, or raise `ingest.max_open_jobs`."),
  QUOTA_EXCEEDED(
      403,
      "The tenant has reached its quota",
      "Delete documents, or raise the setting that the detail names."),
  IDEMPOTENCY_CONFLICT(
      409,
      "An Idempotency-Key was reused for a different request",
      "Use a new key for each new request."),
  REINDEX_UNDER_WAY(
      409,
      "The collection is already being reindexed",
      "Follow the job that the detail names, or cancel it."),
  NO_SUCH_INDEX(
      409,
      "The collection has no such index",
      "`throng reindex --status` lists the indexes. The previous one is kept until the next reindex or `--discard`."),
  CROSS_SITE(
      403,
      "A page of another site sent the request",
      "Send it from a page of this server or from a program, or list the page's host in `server.allowed_hosts`."),
  MISDIRECTED_REQUEST(
      421,
      "The Host header names another server",
      "Use an address of this server, or list the name in `server.allowed_hosts`."),
  ORIGINAL_MISSING(
      ErrorKind.privateDetail(410),
      "The stored original of the document is missing",
      "Send the document again, or restore the file and retry its job."),
  ORIGINAL_NOT_KEPT(
      404,
      "The server does not keep the original of this document",
      "Read its text at `.../text`. To keep originals, set `ingest.keep_originals` and send the document again."),
  DOCUMENT_GIVEN_UP(
      422,
      "The server crashed or failed each time it processed the document",
      "Read the log, then remove the document or retry its job."),
  DOCUMENT_UNREADABLE(
      422,
      "The document is damaged, or violates its format",
      "Open it in the program it was made with and save it again. The detail describes the problem."),
  DOCUMENT_TRUNCATED(
      422, "The document's end is missing", "Copy or download it again, because it is incomplete."),
  DOCUMENT_TOO_LARGE(
      413, "The document is larger than the limit", "Split it, or raise `ingest.max_file_bytes`."),
  DOCUMENT_TEXT_TOO_LONG(
      413,
      "The document holds more text than the limit",
      "Split it, or raise `ingest.max_text_chars`."),
  DOCUMENT_TOO_DEEP(
      422,
      "The document's parts are nested deeper than the limit",
      "Extract the inner documents, or raise `ingest.max_nesting_depth`."),
  DOCUMENT_TOO_MANY_ENTRIES(
      422,
      "The document holds more attachments or members than the limit",
      "Split it, or raise `ingest.max_entries`."),
  DOCUMENT_BOMB(
      422,
      "The document unpacks to far more than its size, as attacks do",
      "Do not open it unless you trust its author. If you do, save it again."),
  DOCUMENT_ENCRYPTED(
      422,
      "The document is encrypted or protected by a password",
      "Remove the password, or decrypt it, and ingest it again."),
  DOCUMENT_EMPTY(
      422,
      "The document is empty, or contains only whitespace",
      "Delete it, or ingest one with text."),
  DOCUMENT_NO_TEXT(
      422,
      "The document has content, but no text in it",
      "Ingest a version with text, because drawings and formulas alone cannot be searched."),
  DOCUMENT_NEEDS_OCR(
      422,
      "The document is a scan: it contains images of text but no text",
      "Install tesseract and set `ingest.ocr: true`, or ingest a version with a text layer."),
  DOCUMENT_WRONG_EXTENSION(
      422,
      "The document's format does not match its name",
      "Give it the file extension that the detail names."),
  DOCUMENT_POLYGLOT(
      422,
      "The document is valid in two formats, as attacks are",
      "Do not open it unless you trust its author. If you do, save it again in one format."),
  LINK_LOOP(
      422,
      "A link in a folder leads back to a folder that is already being read",
      "Delete the link. Its target is already in the collection."),
  LINK_OUT_OF_FOLDER(
      422,
      "A link leads out of the folder, and is not followed",
      "Copy or mount the target into the folder, or ingest the target folder itself."),
  UNSUPPORTED_DOCUMENT(
      415,
      "The document's format is not supported, or is disabled by the configuration",
      "Convert it to PDF, HTML or text. Archives need `ingest.archives: true`, images need `ingest.ocr: true`."),
  OCR_UNAVAILABLE(
      ErrorKind.privateDetail(503),
      "OCR is enabled, but tesseract is not installed",
      "Install tesseract with the languages of `ingest.ocr_languages`, or set `ingest.ocr: false`."),
  PARSER_TIMEOUT(
      ErrorKind.parserFailure(422),
      "The document was not parsed in time",
      "Split it, save it again, or raise `ingest.parse_timeout`."),
  PARSER_OUT_OF_MEMORY(
      ErrorKind.parserFailure(422),
      "Parsing the document needs more memory than the parser has",
      "Split it, remove its large images, or raise `ingest.parse_heap`."),
  PARSER_UNAVAILABLE(
      ErrorKind.parserOutage(503),
      "The parser process cannot be started",
      "Check the log and the machine's memory. Jobs continue by themselves."),
  PARSER_CRASHED(
      ErrorKind.parserFailure(422),
      "The parser process crashed on this document",
      "Open it in the program it was made with and save it again."),
  MALFORMED_HTTP(
      400,
      "The request is not valid HTTP",
      "Check the request line and the headers. The detail describes what was received."),
  STARTING(
      503,
      "The server is reading its documents for the first time",
      "Wait until `GET /health/ready` answers 200."),
  PORT_UNAVAILABLE(
      500,
      "The server cannot listen on its port",
      "Stop the process that uses it, or choose another port with --port."),
  UNREACHABLE(
      502,
      "No Throng server answered a command",
      "Start a server (`throng serve`), or check --url."),
  INTERNAL(
      ErrorKind.privateDetail(500),
      "An unexpected failure, logged with this request's id",
      "Report it with the request id and the log.");

  @SuppressWarnings("Immutable") // its set of traits cannot be changed
  private final ErrorKind kind;

  private final String meaning;
  private final String remedy;

  ErrorCode(int status, String meaning, String remedy) {
    this(ErrorKind.of(status), meaning, remedy);
  }

  ErrorCode(ErrorKind kind, String meaning, String remedy) {
    this.kind = kind;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** Returns the code with this {@link #code}, or empty for one that only newer servers know. */
  public static Optional<ErrorCode> of(String code) {
    return Arrays.stream(values()).filter(known -> known.code().equals(code)).findFirst();
  }

  /** Returns the code as clients see it, such as {@code query_blank}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what else holds for the failure: whether it passes, and whose it is. */
  public ErrorKind kind() {
    return kind;
  }

  /** Returns the HTTP status of the response. */
  public int status() {
    return kind.status();
  }

  /** Returns the same sentence for every occurrence: the title of the problem document. */
  public String meaning() {
    return meaning;
  }

  /** Returns what the reader can do about the failure. */
  public String remedy() {
    return remedy;
  }
}
