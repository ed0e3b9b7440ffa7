// A client as openapi-typescript and openapi-fetch make one of `openapi.d.ts`: it is compiled, then it calls a server.

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { paths } from "./openapi.d.ts";

const [baseUrl] = process.argv.slice(2);
const account = { username: "typescript", password: "una frase larga" };
const image = readFileSync("photo.jpg").toString("base64");

const anybody = createClient<paths>({ baseUrl });
await anybody.POST("/api/v1/auth/register", { body: account });
const { data: tokens } = await anybody.POST("/api/v1/auth/login", { body: account });
const headers = { Authorization: `Bearer ${tokens?.access_token}` };
const user = createClient<paths>({ baseUrl, headers });

const read = await user.POST("/api/v1/predict", { body: { image }, params: { query: { record: true } } });
const refused = await user.POST("/api/v1/predict", { body: { image: "bm9uZQ==" } });
const stats = await user.GET("/api/v1/dashboard/stats", { params: { query: { user: "me" } } });
const started = await user.POST("/api/v1/sessions", { body: { title: "Interview 7" } });
const uid = started.data?.uid ?? "";
await user.POST("/api/v1/sessions/{uid}/markers", { params: { path: { uid } }, body: { label: "a smile", offset_ms: 0 } });
const shown = await user.GET("/api/v1/sessions/{uid}", { params: { path: { uid } } });
const key = await user.POST("/api/v1/keys", { body: { name: "Lab", scopes: ["predict"] } });
const events: ("session.ended" | "rule.fired")[] = ["session.ended"];
const hook = await user.POST("/api/v1/webhooks", { body: { url: "https://receiver.invalid/hook", events } });
const closed = await anybody.GET("/api/v1/keys");

console.log(
  JSON.stringify({
    happiest: (read.data?.faces[0]?.scores.happy ?? 0) > 0.5,
    refused: [refused.response.status, refused.error?.error.code],
    mostCommon: stats.data?.most_common_emotion?.name,
    title: shown.data?.title,
    key: key.data?.key.startsWith("vai_"),
    secret: hook.data?.secret.startsWith("whsec_"),
    closed: [closed.response.status, closed.error?.error.code],
  }),
);
