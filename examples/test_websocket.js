/** The page that tries every command of `/ws` without an account. */

import { by, Connection, dataUrl, say, show, socketUrl, stream } from "./websocket_page.js";

let connection = null;
let stop = () => {};

function setConnected(connected) {
  by("connect").disabled = connected;
  by("disconnect").disabled = !connected;
  by("commands").disabled = !connected;
  if (!connected) stopCamera();
}

function stopCamera() {
  stop();
  stop = () => {};
  by("stop").disabled = true;
}

/** Run what a button asks for and say what went wrong. */
const on = (id, action) => by(id).addEventListener("click", () => action().catch((error) => say("!", error.message)));

/** @returns {File} the chosen picture */
function picture() {
  const [file] = by("file").files;
  if (!file) throw new Error("Elija una imagen. Choose a picture.");
  return file;
}

by("url").value = socketUrl();
on("connect", async () => {
  connection = new Connection(by("url").value, () => setConnected(false));
  await connection.opened;
  setConnected(true);
});
on("disconnect", async () => connection.close());
for (const command of ["emotions", "model_info", "health"]) on(command, () => connection.ask({ command }));
on("binary", async () => show(await connection.predict(picture())));
on("base64", async () => show(await connection.ask({ command: "predict", image: await dataUrl(picture()) })));
on("camera", async () => {
  stop = await stream((frame) => connection.predict(frame));
  by("stop").disabled = false;
});
on("stop", async () => stopCamera());
