// Makes dist/ for `npm pack`: the files that a server has at /static/js/visionai-client.js, and their types. One of
// them is another here: Socket.IO's client comes from npm, not from the server.
import { execFileSync } from "node:child_process";
import { cp, copyFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";

const here = new URL("./", import.meta.url);
const scripts = new URL("../../static/js/", here);
const dist = new URL("dist/", here);

await rm(dist, { recursive: true, force: true });
await cp(new URL("client/", scripts), new URL("client/", dist), { recursive: true });
await copyFile(new URL("visionai-client.js", scripts), new URL("visionai-client.js", dist));
await copyFile(new URL("own-io.js", here), new URL("client/own-io.js", dist));
await copyFile(new URL("../../LICENSE", here), new URL("LICENSE", here));

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "--project", "tsconfig.json"], { cwd: here, stdio: "inherit" });
