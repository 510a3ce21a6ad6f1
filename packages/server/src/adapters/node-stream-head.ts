import type { IncomingMessage, ServerResponse } from "node:http";
import { acceptsGzip, encodedHeaders } from "../http/encoding.ts";
import { SSE_HEADERS } from "../http/headers.ts";
import { headerOf } from "./node-facts.ts";
import { corsHeaders } from "./node-refusal.ts";

/** How a stream begins. */
export interface StreamHead {
  readonly headers: Readonly<Record<string, string>>;
  readonly isGzip: boolean;
}

/** The head of an event stream; with gzip where the hub may, the client takes it and nobody else (an application's own compressor) has set an encoding. */
export function streamHead(request: IncomingMessage, response: ServerResponse, compress: boolean): StreamHead {
  const headers = { ...SSE_HEADERS, ...corsHeaders(request) };
  if (!compress || response.hasHeader("content-encoding")) return { headers, isGzip: false };
  const isGzip = acceptsGzip(headerOf(request, "accept-encoding"));
  return { headers: encodedHeaders(headers, isGzip ? "gzip" : undefined), isGzip };
}
