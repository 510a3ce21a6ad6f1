// nginx as the operators' page has it, in front of hubs of this machine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { find } from "./tools.mjs";

/** The configuration that operators are shown. */
export const hubConfiguration: string = readFileSync(new URL("../packages/server/nginx.conf", import.meta.url), "utf8");

/** nginx, while it runs. */
export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts nginx before the hubs on these ports, for so many connections at once. Throws where there is none. */
export async function startNginx(hubPorts: readonly number[], connections = 1024): Promise<Nginx> {
  const program = find("nginx");
  if (program === undefined) throw new Error("There is no nginx here: install it, or name one in NGINX_PATH.");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "tidewire-nginx-"));
  chmodSync(folder, 0o755); // its workers are somebody else where it was started by root
  mkdirSync(join(folder, "temp"));
  writeFileSync(join(folder, "nginx.conf"), configuration(port, hubPorts, connections));
  const child = spawn(program, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const killWithUs = () => void child.kill();
  process.once("exit", killWithUs);
  const stop = async () => {
    process.removeListener("exit", killWithUs);
    child.kill();
    await exited;
    rmSync(folder, { recursive: true });
  };
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.includes("start worker process")) continue;
    child.stderr.resume();
    return { port, stop };
  }
  await stop();
  throw new Error(`nginx ended: ${said.join("\n")}`);
}

function configuration(port: number, hubPorts: readonly number[], connections: number): string {
  const http = hubConfiguration
    .replace("listen 80;", `listen 127.0.0.1:${port} backlog=4096;`)
    .replace(
      /(server 127\.0\.0\.1:300\d [^\n]+\s+)+/,
      hubPorts.map((hub) => `server 127.0.0.1:${hub} max_fails=0;\n`).join(""),
    );
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path temp/${name};`,
  );
  return `
    daemon off;
    pid nginx.pid;
    error_log stderr notice;
    worker_rlimit_nofile ${connections + 64};
    events { worker_connections ${connections}; }
    http {
      access_log off;
      ${temporary.join("\n")}
      ${http}
    }`;
}

/** A port that was free a moment ago: nginx cannot be asked for any. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
