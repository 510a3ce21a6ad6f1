import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How many ports are tried before giving up. */
const PORTS = 20;

/**
 * Listens on the port, or on the next free one after it, and says when it had to move. Resolves with the port.
 * Port 0 is any free one.
 */
export async function listen(
  server: Server,
  host: string,
  wanted: number,
  say: (line: string) => void,
): Promise<number> {
  for (let port = wanted; ; port += 1) {
    try {
      await tryPort(server, host, port);
      if (port !== wanted) say(`Port ${wanted} is taken, so this is port ${port}. PORT=<number> chooses another.`);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      if (port + 1 >= wanted + PORTS || port >= 65_535)
        throw new Error(`Ports ${wanted} to ${port} are all taken. PORT=<number> chooses another.`, { cause: error });
    }
  }
}

function tryPort(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (after: () => void) => () => {
      server.off("listening", listening).off("error", failed);
      after();
    };
    const listening = settle(resolve);
    const failed = (error: Error): void => settle(() => reject(error))();
    server.once("listening", listening).once("error", failed).listen(port, host);
  });
}
