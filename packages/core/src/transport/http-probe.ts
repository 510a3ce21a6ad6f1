import { TidewireError } from "@tidewire/wire";
import type { FetchLike } from "./http.ts";
import { endOf } from "./http-status.ts";
import type { LineEnd } from "./transport.ts";

/** Statuses with which a WebSocket server answers whoever asks it without an upgrade: like any success, they explain nothing. */
const ASKS_FOR_UPGRADE = [400, 405, 426];

/** How the probe asks. */
export interface HttpProbeOptions {
  /** How long the answer may take, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
  readonly fetch?: FetchLike | undefined;
}

/**
 * Asks a WebSocket's address over HTTP why its handshake failed, as the browser does not tell: 401 and 403 mean other
 * credentials, 404 and its kin that no dial will help, 429 and 5xx another dial. Give it as `probe: httpProbe`.
 * A server of another origin must allow it by CORS; without that it explains nothing.
 */
export async function httpProbe(url: URL, options: HttpProbeOptions = {}): Promise<LineEnd | undefined> {
  const asked = url.href.replace(/^ws/, "http");
  const signal = AbortSignal.timeout(options.timeoutMs ?? 5000);
  try {
    const response = await (options.fetch ?? fetch)(asked, { credentials: "include", cache: "no-store", signal });
    if (!response.ok && !ASKS_FOR_UPGRADE.includes(response.status)) return await endOf(response, [], asked);
    await response.body?.cancel();
    return undefined;
  } catch (cause) {
    return { error: new TidewireError("network", `${url} cannot be reached.`, { cause }) };
  }
}
