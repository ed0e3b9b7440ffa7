// The document of the stream, read from this server and shown channel by channel.
import { byId, el } from "../core/dom.js";
import { ApiError, request } from "../core/http.js";
import { t } from "../core/texts.js";
import { Stream } from "../docs/asyncapi.js";

const place = byId("channels");

/** @returns {Promise<Node[]>} */
async function content() {
  try {
    const document = await (await request("/asyncapi.json")).json();
    return new Stream(document).sections();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [el("p", { class: "notice" }, error.code === "not_found" ? t("channels.none") : error.message)];
  }
}

place.replaceChildren(...(await content()));
place.setAttribute("aria-busy", "false");
