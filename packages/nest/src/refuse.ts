import { HttpException, HttpStatus } from "@nestjs/common";
import { refusal } from "@tidewire/server";

/** What a handler threw, as the hub understands it: an HttpException below 500 is a refusal, and its words are the client's. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof HttpException) || error.getStatus() >= HttpStatus.INTERNAL_SERVER_ERROR) return error;
  const name = HttpStatus[error.getStatus()] ?? "REFUSED";
  return refusal(name.toLowerCase().replaceAll("_", "-"), wordsOf(error));
}

/** A validation pipe says what was wrong in a list. */
function wordsOf(error: HttpException): string {
  const response = error.getResponse();
  const message = typeof response === "string" ? response : (response as { message?: unknown }).message;
  return Array.isArray(message) ? message.join("; ") : String(message ?? error.message);
}
