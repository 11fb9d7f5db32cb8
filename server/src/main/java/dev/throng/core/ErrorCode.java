package dev.throng.core;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every way in which a request can fail, each classified once where it is first seen. The name of a
 * code is stable: clients may switch on it. {@code docs/reference/errors.md} is generated from
 * here.
 */
public enum ErrorCode {
  MALFORMED_JSON(
      400,
      "The body is not valid JSON in UTF-8",
      "Send one JSON object, encoded in UTF-8; the detail names the line and column."),
  INVALID_FIELD(
      400,
      "A field has a wrong type or a value out of range",
      "Correct the field that the detail names; it says what was expected."),
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
      "Send the question again; a stream can be taken up for five minutes."),
  STREAM_EXPIRED(
      410,
      "The rest of this event stream is no longer available",
      "Send the question again; what was received of the answer so far is void."),
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
      "This tenant sends more requests than it may",
      "Try again after the seconds of the Retry-After header, or raise `admission.rate_per_second`."),
  OVERLOADED(
      503,
      "More work is waiting than the server can do in time",
      "Try again after the seconds of the Retry-After header."),
  SHUTTING_DOWN(
      503, "The server is stopping and takes no new work", "Ask another replica, or try again."),
  DEADLINE_EXCEEDED(
      504, "The answer was not ready before the deadline", "Try again, or raise `answer.timeout`."),
  BACKEND_UNREACHABLE(
      502,
      "No connection to a backend",
      "Start the backend; `throng doctor` names those that do not answer."),
  BACKEND_ERROR(
      502,
      "A backend answered with an error",
      "Read the backend's own log; `throng doctor` tries each backend."),
  BACKEND_BUSY(
      503,
      "A backend has more work than it takes, or its quota is used up",
      "Look at the backend's limits and load; it is left alone for as long as it asked for."),
  BACKEND_EMPTY(
      502,
      "A backend ended a call without an answer in words",
      "Ask in other words; if every question ends so, look at the backend and its model."),
  BACKEND_REFUSED(
      502,
      "The model refused to answer, or a filter at the backend withheld the answer",
      "Ask in other words; look at the filters of the backend."),
  BACKEND_PROTOCOL(
      502,
      "A backend broke its protocol: a cut stream, or a line that is no JSON",
      "Look at the backend, or at the proxy in front of it."),
  BACKEND_TIMEOUT(
      504,
      "A backend made no first token in time",
      "Look at the backend's load, or raise `ollama.first_token_timeout`."),
  BACKEND_STALLED(
      504,
      "A backend stopped in the middle of an answer",
      "Look at the backend's load, or raise `ollama.between_tokens_timeout`."),
  MODEL_MISSING(
      502,
      "The model is not on the backend",
      "Run `ollama pull` with the model that `throng doctor` names."),
  PROMPT_TOO_LONG(
      502,
      "The prompt does not fit into the model's context",
      "Lower `retrieval.passage_tokens`, or raise `ollama.num_ctx`."),
  INDEX_MISMATCH(
      409,
      "The index was made with another embedding model",
      "Start with the model that the index names, or run `throng reindex`."),
  DATA_FOLDER_UNSAFE(
      500,
      "The data folder belongs to another user, or other users may write to it",
      "Choose a folder of your own with `--data`, or change its owner or permissions."),
  STORE_FAILED(
      500,
      "The index could not be read or written",
      "Look at the disk, or at the store that the log names; `throng doctor` checks both."),
  REPLICA_DISAGREES(
      503,
      "This replica works with something else than the others",
      "Give all replicas the same configuration and model; `GET /health/ready` names what differs."),
  STORE_UNAVAILABLE(
      503,
      "The shared store does not answer",
      "Look at the store that the log names; the server goes on by itself when it is back."),
  CATALOG_UNAVAILABLE(
      503,
      "The catalogue does not answer, so nobody knows what is current",
      "Look at the database or the disk that the log names; the server goes on by itself when it is back."),
  CATALOG_TOO_NEW(
      500,
      "The data was written by a newer server",
      "Start a server that is at least as new, or one with a data folder or database of its own."),
  CATALOG_DAMAGED(
      503,
      "The catalogue's file is damaged",
      "Stop the server and put a backup of `catalog.sqlite` back; without one, move the data folder away and ingest again (documents that were sent are in `originals`)."),
  STORAGE_FULL(
      507,
      "The disk for documents is full",
      "Make room; what was acknowledged goes on by itself, what was refused can be sent again."),
  STORAGE_FAILED(
      500,
      "A document could not be kept, or what was kept could not be read",
      "Look at the folder or the database that the log names; jobs go on by themselves."),
  UNKNOWN_DOCUMENT(
      404,
      "The collection has no such document",
      "List the collection's documents; a document that is still on its way has only a job."),
  UNKNOWN_JOB(
      404, "There is no such job", "List the jobs; those that ended are forgotten after a while."),
  QUEUE_FULL(
      429,
      "Too many documents of this tenant are on their way",
      "Try again after the seconds of the Retry-After header, or raise `ingest.max_open_jobs`."),
  QUOTA_EXCEEDED(
      403,
      "The tenant holds as much as it may",
      "Delete documents, or raise the setting that the detail names."),
  IDEMPOTENCY_CONFLICT(
      409,
      "An Idempotency-Key came again with another request",
      "Use a new key for each new request."),
  REINDEX_UNDER_WAY(
      409,
      "The collection is being reindexed already",
      "Follow the job that the detail names, or cancel it."),
  NO_SUCH_INDEX(
      409,
      "The collection has no such index",
      "`throng reindex --status` shows which there are; a former one is kept until the next reindex or `--discard`."),
  CROSS_SITE(
      403,
      "A page of another site sent the request",
      "Send it from a page of this server or from a program, or list the page's host in `server.allowed_hosts`."),
  MISDIRECTED_REQUEST(
      421,
      "The Host header names another server",
      "Use an address of this server, or list the name in `server.allowed_hosts`."),
  ORIGINAL_MISSING(
      410,
      "The bytes that were sent are not where they were kept",
      "Send the document again; or put the file back and retry its job."),
  DOCUMENT_GIVEN_UP(
      422,
      "The document was tried again and again, and the server failed each time",
      "Look at the log, take the document out, or retry its job."),
  DOCUMENT_UNREADABLE(
      422,
      "The document is damaged, or breaks the rules of its format",
      "Open it in the program that it is for and save it again; the detail says what is wrong."),
  DOCUMENT_TRUNCATED(
      422, "The document's end is missing", "Copy or download it again; it is not complete."),
  DOCUMENT_TOO_LARGE(
      413, "The document is larger than the limit", "Split it, or raise `ingest.max_file_bytes`."),
  DOCUMENT_TEXT_TOO_LONG(
      413,
      "The document holds more text than the limit",
      "Split it, or raise `ingest.max_text_chars`."),
  DOCUMENT_TOO_DEEP(
      422,
      "The document's parts are nested deeper than the limit",
      "Take the inner documents out, or raise `ingest.max_nesting_depth`."),
  DOCUMENT_TOO_MANY_ENTRIES(
      422,
      "The document holds more attachments or members than the limit",
      "Split it, or raise `ingest.max_entries`."),
  DOCUMENT_BOMB(
      422,
      "The document unpacks to far more than its size, which is how attacks look",
      "Do not open it unless you know its author; one that you trust can be saved again."),
  DOCUMENT_ENCRYPTED(
      422,
      "The document is encrypted or protected by a password",
      "Remove the password, or decrypt it, and ingest it again."),
  DOCUMENT_EMPTY(
      422, "The document is empty, or holds blanks alone", "Delete it, or ingest one with text."),
  DOCUMENT_NO_TEXT(
      422,
      "The document has content, but no text in it",
      "Ingest a version with text; drawings and formulas alone cannot be searched."),
  DOCUMENT_NEEDS_OCR(
      422,
      "The document is a scan: images of text, without the text",
      "Install tesseract and set `ingest.ocr: true`, or ingest a version with a text layer."),
  DOCUMENT_WRONG_EXTENSION(
      422,
      "The document is of another format than its name says",
      "Give it the ending that the detail names."),
  DOCUMENT_POLYGLOT(
      422,
      "The document is valid in two formats, which is how attacks look",
      "Save it again in one format; do not open it unless you know its author."),
  LINK_LOOP(
      422,
      "A link in a folder leads back to a folder that is read already",
      "Delete the link; what it leads to is in the collection."),
  LINK_OUT_OF_FOLDER(
      422,
      "A link leads out of the folder, and is not followed",
      "Copy or mount what it leads to into the folder, or read that folder itself."),
  UNSUPPORTED_DOCUMENT(
      415,
      "The document is of a format that cannot be read, or is not read by this configuration",
      "Convert it to PDF, HTML or text; archives need `ingest.archives: true`, images `ingest.ocr: true`."),
  OCR_UNAVAILABLE(
      503,
      "Scans are to be read, and tesseract is not there",
      "Install tesseract with the languages of `ingest.ocr_languages`, or set `ingest.ocr: false`."),
  PARSER_TIMEOUT(
      422,
      "The document was not parsed in time",
      "Split it or save it again, or raise `ingest.parse_timeout`."),
  PARSER_OUT_OF_MEMORY(
      422,
      "The document needs more memory to be parsed than a parser has",
      "Split it or take its large images out, or raise `ingest.parse_heap`."),
  PARSER_UNAVAILABLE(
      503,
      "No process for parsing can be started",
      "Look at the log, and at the machine's memory; jobs go on by themselves."),
  PARSER_CRASHED(
      422,
      "The parser's process died at this document",
      "Open it in the program that it is for and save it again."),
  MALFORMED_HTTP(
      400,
      "The request is not valid HTTP",
      "Look at the request line and the headers; the detail says what was found."),
  STARTING(
      503,
      "The server is reading its documents for the first time",
      "Wait until `GET /health/ready` answers 200."),
  PORT_UNAVAILABLE(
      500, "The server cannot have its port", "Stop who uses it, or choose another with --port."),
  UNREACHABLE(
      502, "No Throng server answered a command", "Start one (`throng serve`), or check --url."),
  INTERNAL(
      500,
      "An unexpected failure, logged with this request's id",
      "Report it with the request id and the log.");

  private static final Set<ErrorCode> TRANSIENT =
      EnumSet.of(
          STORE_FAILED,
          STORE_UNAVAILABLE,
          STORAGE_FULL,
          STORAGE_FAILED,
          PARSER_UNAVAILABLE,
          CATALOG_UNAVAILABLE,
          CATALOG_DAMAGED, // no document is to blame for it
          SHUTTING_DOWN,
          OVERLOADED,
          DEADLINE_EXCEEDED);

  /** Their details name addresses, paths, or what another program said. */
  private static final Set<ErrorCode> PRIVATE =
      EnumSet.of(
          BACKEND_UNREACHABLE,
          BACKEND_ERROR,
          BACKEND_PROTOCOL,
          BACKEND_TIMEOUT,
          BACKEND_STALLED,
          BACKEND_BUSY,
          BACKEND_EMPTY,
          BACKEND_REFUSED,
          MODEL_MISSING,
          PROMPT_TOO_LONG,
          INDEX_MISMATCH,
          DATA_FOLDER_UNSAFE,
          STORE_FAILED,
          STORE_UNAVAILABLE,
          REPLICA_DISAGREES,
          CATALOG_UNAVAILABLE,
          CATALOG_TOO_NEW,
          CATALOG_DAMAGED,
          STORAGE_FULL,
          STORAGE_FAILED,
          ORIGINAL_MISSING,
          PARSER_UNAVAILABLE,
          OCR_UNAVAILABLE,
          INTERNAL);

  private final int status;
  private final String meaning;
  private final String remedy;

  ErrorCode(int status, String meaning, String remedy) {
    this.status = status;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** The code of that name, as {@link #code} writes it; empty for one of a newer server. */
  public static Optional<ErrorCode> of(String code) {
    return Arrays.stream(values()).filter(known -> known.code().equals(code)).findFirst();
  }

  /** The code as clients see it, such as {@code query_blank}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the same work can succeed later though nobody changes it. */
  public boolean isTransient() {
    return TRANSIENT.contains(this) || isBackendFailure();
  }

  /** Whether a backend failed, and not the request: an answer from elsewhere may stand in. */
  public boolean isBackendFailure() {
    return this == MODEL_MISSING || name().startsWith("BACKEND_");
  }

  /** Whether its detail is for operators alone: clients get the code, and the log has the rest. */
  public boolean isDetailPrivate() {
    return PRIVATE.contains(this);
  }

  /**
   * Whether the backend itself is to blame. What it makes of one prompt does not tell: else a few
   * questions that a model refuses would take every backend out of use.
   */
  public boolean isBackendFault() {
    return isBackendFailure() && this != BACKEND_EMPTY && this != BACKEND_REFUSED;
  }

  /** The HTTP status it is reported with. */
  public int status() {
    return status;
  }

  /** One sentence, the same for every occurrence: the problem's title. */
  public String meaning() {
    return meaning;
  }

  /** What the reader can do about it. */
  public String remedy() {
    return remedy;
  }
}
