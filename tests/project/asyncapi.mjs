// Parse an AsyncAPI document, given as JSON; print what the parser has to say against it.

import { readFileSync } from "node:fs";
import parsers from "@asyncapi/parser";

const { document, diagnostics } = await new parsers.Parser().parse(JSON.parse(readFileSync(0, "utf8")));
// It recommends 3.1.0, which fewer tools read and which adds nothing that is used here.
const spoken = diagnostics.filter(({ code }) => code !== "asyncapi-latest-version");
const found = spoken.map(({ severity, code, path, message }) => ({ severity, code, path: path.join("/"), message }));
console.log(JSON.stringify({ parsed: document !== undefined, found }));
