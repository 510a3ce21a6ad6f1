// The engines beside Chromium, started on one page as a person starts them: what drives the page is in the page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { find } from "./tools.mjs";

/** An engine that is not Chromium's. */
export type Engine = "firefox" | "webkit";

/** Those that are on this machine. */
export const engines: readonly Engine[] = (["firefox", "webkit"] as const).filter((name) => find(name) !== undefined);

/** No page but ours, nothing fetched, nothing put to sleep because no window is in front. */
const FIREFOX = {
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
  "dom.min_background_timeout_value": 4,
  "dom.timeout.enable_budget_timer_throttling": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

/** Opens one page in a browser of its own, which ends with what is given back. */
export function openEngine(engine: Engine, url: string): AsyncDisposable {
  const program = find(engine);
  if (program === undefined) throw new Error(`There is no ${engine} here.`);
  const home = mkdtempSync(join(tmpdir(), `tidewire-${engine}-`));
  const [command, ...args] = engine === "firefox" ? firefox(program, home) : miniBrowser();
  const child = spawn(command, [...args, url], {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, LANG: "en_US.UTF-8" },
    stdio: "ignore",
    detached: true, // a group of its own: a browser is many processes
  });
  const exited = once(child, "exit");
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {} // it ended by itself
  };
  process.once("exit", end);
  return {
    async [Symbol.asyncDispose]() {
      process.removeListener("exit", end);
      end();
      await exited;
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function firefox(program: string, home: string): [string, ...string[]] {
  const prefs = Object.entries(FIREFOX).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(home, "user.js"), prefs.join("\n"));
  return [program, "--headless", "--no-remote", "--profile", home];
}

/** WebKitGTK's own browser, on a screen that nobody sees. */
function miniBrowser(): [string, ...string[]] {
  const place = readdirSync("/usr/lib")
    .map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`)
    .find((path) => existsSync(path));
  if (place === undefined) throw new Error("WebKitGTK's MiniBrowser is not beside its driver.");
  return ["xvfb-run", "-a", place];
}
