/** The page that signs in and sends pictures with its token, so that their predictions are the user's. */

import { by, Connection, dataUrl, httpBase, say, show, socketUrl, stream } from "./websocket_page.js";

let connection = null;
// In this variable and nowhere else: it is gone when the page is.
let token = null;
let stop = () => {};

/** Call the REST API; returns the body and throws the message of an error. */
async function rest(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(`${httpBase()}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

const predict = async (blob) => connection.ask({ command: "predict", image: await dataUrl(blob), token });

function stopCamera() {
  stop();
  stop = () => {};
  by("stop").disabled = true;
}

function ended() {
  stopCamera();
  by("commands").disabled = true;
}

async function enter() {
  const credentials = { username: by("username").value, password: by("password").value };
  by("password").value = "";
  token = null;
  ({ access_token: token } = await rest("POST", "/auth/login", credentials));
  say("·", `token de ${credentials.username}`);
  connection = new Connection(socketUrl(), ended);
  await connection.opened;
  by("commands").disabled = false;
}

/** Run what a button asks for and say what went wrong. */
const on = (id, action) => by(id).addEventListener("click", () => action().catch((error) => say("!", error.message)));

by("login").addEventListener("submit", (event) => {
  event.preventDefault();
  enter().catch((error) => say("!", error.message));
});
on("send", async () => {
  const [file] = by("file").files;
  if (!file) throw new Error("Elija una imagen. Choose a picture.");
  show(await predict(file));
});
on("camera", async () => {
  stop = await stream(predict);
  by("stop").disabled = false;
});
on("stop", async () => stopCamera());
on("stats", async () => say("←", JSON.stringify(await rest("GET", "/dashboard/stats?user=me"))));
on("logout", async () => {
  await rest("POST", "/auth/logout");
  token = null;
  connection.close();
});
