import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/**
 * A request of HTTP/2 as one of HTTP/1, which Node's own compatibility layer makes it but for this: its socket belongs to all
 * streams and must not be touched, so lines see none; and a response does not say that its stream is gone.
 */
export function asHttp1(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): [IncomingMessage, ServerResponse] {
  if ("stream" in response && response.stream) {
    const { stream } = response;
    Object.defineProperties(response, {
      socket: { value: undefined },
      destroyed: { get: () => stream.destroyed },
      destroy: { value: () => stream.destroy() },
    });
  }
  return [request as IncomingMessage, response as ServerResponse];
}
