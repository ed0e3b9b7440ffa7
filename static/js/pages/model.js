// The model page: what the weights that serve are, and what was measured of them.
import { call } from "../core/api.js";
import { byId } from "../core/dom.js";
import { attempt, showFailure } from "../core/failures.js";
import { t } from "../core/texts.js";
import { pause } from "../core/time.js";
import { startCalibration } from "../model/calibrate.js";
import { showFacts, showPriors } from "../model/facts.js";
import { showMeasured } from "../model/measured.js";

/** @import { ModelInfo } from "../model/answers.js" */

const ASK_AGAIN = 700;
const STATES = { loaded: "on", failed: "off", loading: "waiting", not_loaded: "waiting" };

/** @returns {Promise<ModelInfo>} */
function modelInfo() {
  return call("/model/info");
}

/**
 * Ask until the weights are loaded; asking makes the server load them.
 * @returns {Promise<ModelInfo>}
 */
async function loaded() {
  const info = await modelInfo();
  byId("state").dataset.state = STATES[info.status];
  byId("state").textContent = t(`model.${info.status}`);
  if (info.status === "loaded" || info.status === "failed") return info;
  await pause(ASK_AGAIN);
  return loaded();
}

/** @param {ModelInfo} info */
function showInForce(info) {
  showFacts(info);
  showPriors(info);
}

async function start() {
  const info = await loaded();
  showInForce(info);
  await showMeasured(info);
  byId("figures").removeAttribute("aria-busy");
}

startCalibration(async () => showInForce(await modelInfo()));
attempt(start, (error) => {
  byId("figures").hidden = true;
  showFailure(error.message);
});
