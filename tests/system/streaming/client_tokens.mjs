// Has static/js/visionai-client.js meet a server that takes its token or cannot give it its session just now, and prints
// what it did as one JSON object. The server is a few lines, so that each answer comes when it is wanted.
// Usage: node client_tokens.mjs
import { VisionAIClient } from "../../../static/js/visionai-client.js";

const SESSION = { uid: "u", receipt: undefined };

/** As much of a Socket.IO connection as the client uses; `answers` are those to `session_start`, in their order. */
class FakeSocket {
  connected = false;
  active = true;
  claims = [];
  asked = [];
  #listeners = new Map();

  constructor(options, answers) {
    Object.assign(this, { options, answers });
  }

  on(event, listener) {
    this.#listeners.set(event, listener);
  }

  fire(event, ...said) {
    this.#listeners.get(event)?.(...said);
  }

  connect() {
    this.options.auth((claim) => {
      this.claims.push(claim);
      this.connected = true;
      this.fire("connect");
    });
    return this;
  }

  disconnect() {
    this.connected = false;
    this.fire("disconnect", "io client disconnect");
    return this;
  }

  timeout() {
    return {
      emitWithAck: async (event) => {
        this.asked.push(event);
        return event === "session_start" ? this.answers.shift() : {};
      },
    };
  }
}

/** A client in a session, its socket, and what it is told of the session. */
async function inSession(answers, token = async (again) => (again ? "new" : "old")) {
  let socket;
  const client = new VisionAIClient({
    token,
    io: (_, options) => {
      socket = new FakeSocket(options, [SESSION, ...answers]);
      return socket.connect();
    },
  });
  const told = [];
  client.addEventListener("session", ({ detail }) => told.push(detail.status));
  await client.connect();
  await new Promise((resolve) => setTimeout(resolve));
  socket.connected || socket.connect();
  socket.fire("connect");
  await client.startSession();
  return { client, socket, told };
}

const refusal = (code) => ({ status: "error", error: { code }, message: code });
const seen = {};

{
  const { client, socket, told } = await inSession([]);
  socket.fire("session", { type: "session", status: "lost", uid: "u" });
  socket.fire("auth", { status: "expired" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.fire("session", { ...SESSION, resumed: true });
  await new Promise((resolve) => setTimeout(resolve, 500));
  seen.token = { claim: socket.claims.at(-1), told, kept: client.session?.uid };
}
{
  const { client, socket, told } = await inSession([]);
  socket.fire("session", { type: "session", status: "lost", uid: "u" });
  await client.health();
  seen.lost = { told, session: client.session };
}
{
  const { client, socket, told } = await inSession([refusal("database_unavailable"), { ...SESSION, resumed: true }]);
  socket.disconnect().connect();
  await new Promise((resolve) => setTimeout(resolve));
  const health = client.health();
  socket.fire("error", refusal("database_unavailable"));
  await health;
  seen.later = { told, kept: client.session?.uid };
}
{
  const { client, socket, told } = await inSession([]);
  socket.disconnect().connect();
  await new Promise((resolve) => setTimeout(resolve));
  socket.fire("error", refusal("session_ended"));
  await client.health();
  seen.ended = { told, session: client.session };
}
{
  const { client, socket } = await inSession([]);
  const subscribed = () => socket.asked.filter((event) => event === "subscribe").length;
  const back = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    socket.fire("session", { ...SESSION, resumed: true });
    socket.fire("connection", { type: "connection" });
    await client.health();
  };
  client.reauthenticate();
  const topic = client.subscribe("dashboard"); // Asked for while there is no connection.
  await back();
  await topic;
  const first = subscribed();
  client.reauthenticate();
  await back();
  seen.topics = { first, both: subscribed() };
}
console.log(JSON.stringify(seen));
