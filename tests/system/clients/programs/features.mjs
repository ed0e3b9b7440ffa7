// Uses each part of npm's visionai-client once, and prints what came back as one JSON object.
// Usage: node features.mjs URL PHOTO
import { readFile } from "node:fs/promises";
import { ApiError, VisionAI } from "visionai-client";

const [url, file] = process.argv.slice(2);
const photo = await readFile(file);
const seen = {};

/** What a call is refused with. */
async function refusal(asked) {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [error.status, error.code];
  }
}

/** The text of a stream of bytes. */
async function text(stream) {
  return new TextDecoder().decode(Buffer.concat(await Array.fromAsync(stream)));
}
Array.fromAsync ??= async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
};

const anybody = new VisionAI({ url, language: "en" });
seen.health = (await anybody.health()).status;
seen.emotions = (await anybody.emotions()).emotions.map(({ description }) => description)[0];
seen.picture = (await anybody.predict(photo, { record: false })).emotion_name;
seen.blob = (await anybody.predict(new Blob([photo]), { record: false })).emotion_name;
seen.base64 = (await anybody.predict(photo.toString("base64"), { record: false })).emotion_name;
seen.model = (await anybody.modelInfo()).status;
seen.batch = (await anybody.predictBatch([photo, new Uint8Array(9)], { record: false })).results.map(
  (one) => one.status,
);
seen.refused = await refusal(anybody.predict(new Uint8Array(9)));
seen.closed = await refusal(anybody.sessions.list());

const lent = await anybody.sessions.start({ title: "Lent", source: "api" });
seen.withoutReceipt = await refusal(anybody.sessions.get(lent.uid));
seen.withReceipt = (await anybody.sessions.get(lent.uid, { receipt: lent.receipt })).title;
await anybody.sessions.delete(lent.uid, { receipt: lent.receipt });

const own = new VisionAI({ url });
const account = ["javascript", "una frase larga"];
await own.accounts.register(...account);
const { refresh_token: refreshToken } = await own.accounts.login(...account);
seen.me = (await own.accounts.me()).username;
const later = new VisionAI({ url });
await later.accounts.resume(refreshToken);
seen.resumed = (await later.accounts.me()).username;

const stream = own.stream();
await stream.connect();
const { uid } = await stream.startSession({ title: "Interview", participant: "P-07" });
const answer = await stream.predict(photo);
seen.frame = [answer.status, answer.emotion_name, answer.faces[0].person];
await stream.mark("question 3");
const summary = await stream.endSession();
seen.ended = [summary.status, summary.people.length];
stream.close();

const other = await own.sessions.start({ title: "Pictures", source: "api" });
await own.predict(photo, { session: other.uid, offset_ms: 1000 });
const marker = await own.sessions.mark(other.uid, { label: "smile", offset_ms: 1000 });
await own.sessions.unmark(other.uid, marker.id);
await own.sessions.edit(other.uid, { people: [{ person: 1, label: "Ana" }] });
seen.labelled = (await own.sessions.end(other.uid)).people.map(({ label }) => label);
const titles = [];
for await (const session of own.sessions.all({ limit: 1 })) titles.push(session.title);
seen.listed = titles;
seen.timeline = (await own.sessions.timeline(uid)).people[0].points.length > 0;
seen.compared = (await own.sessions.compare([uid, other.uid])).sessions.map(({ title }) => title);
seen.exported = (await text(await own.sessions.export(uid))).split(",", 2);

seen.stats = (await own.dashboard.stats({ user: "me" })).most_common_emotion.name;
seen.recent = (await own.dashboard.recent({ user: "me", limit: 1 })).count;
seen.days = (await own.dashboard.timeline({ days: 3 })).timeline.length;
seen.detail = (await own.dashboard.emotion("happy")).statistics.percentage > 0;
seen.user = (await own.dashboard.user("javascript")).username;
seen.since = (await own.dashboard.stats({ since: new Date(Date.UTC(2100, 0)) })).total_predictions;
seen.rows = (await text(await own.dashboard.export({ format: "csv" }))).split(",", 2);

const key = await own.keys.create({ name: "Lab", scopes: ["predict"] });
const program = new VisionAI({ url, key: key.key });
const read = await program.predict(photo, { record: false });
seen.key = [read.emotion_name, ...(await refusal(program.sessions.list()))];
await own.keys.revoke(key.id);
seen.revoked = (await own.keys.list()).keys.map((one) => one.revoked_at !== null);
const rule = await own.rules.create({ name: "Smiles", expression: "happy", share: 0.6, seconds: 10 });
await own.rules.edit(rule.id, { people: 2 });
seen.rule = [(await own.rules.get(rule.id)).people, (await own.rules.list()).count];
await own.rules.delete(rule.id);
const webhook = { url: "https://receiver.invalid/hook", events: ["session.ended"], description: "Lab" };
const hook = await own.webhooks.create(webhook);
const told = await own.webhooks.test(hook.id);
const [delivered] = (await own.webhooks.deliveries(hook.id, { limit: 1 })).deliveries;
const retried = await own.webhooks.retry(hook.id, told.id);
seen.told = [told.event, delivered.id === told.id && retried.id === told.id];
seen.webhook = [hook.secret.slice(0, 6), (await own.webhooks.get(hook.id)).description];
seen.off = (await own.webhooks.edit(hook.id, { active: false })).disabled_reason;
await own.webhooks.delete(hook.id);
seen.left = [(await own.rules.list()).count, (await own.webhooks.list()).count];

await own.sessions.delete(uid);
seen.deleted = await refusal(own.sessions.get(uid));
await own.accounts.logout();
seen.loggedOut = await refusal(own.sessions.list());
console.log(JSON.stringify(seen));
