// A guide for developers: its samples and, in that of the stream, a console.
import { ready } from "../core/ready.js";
import { root } from "../core/root.js";
import { letTry } from "../docs/console.js";
import { letCopy, letFill } from "../docs/samples.js";

// Addresses of the reference from when it stood here, such as /docs#/auth/auth.login.
if (location.hash.startsWith("#/")) location.replace(`${root}/docs/api${location.hash}`);

letCopy();
letFill();
letTry();
ready();
