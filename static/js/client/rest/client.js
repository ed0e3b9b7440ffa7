// A client of the REST API.

import { VisionAIClient } from "../stream-client.js";
import { Accounts } from "./accounts.js";
import { Dashboard } from "./dashboard.js";
import { send } from "./http.js";
import { Keys } from "./keys.js";
import { Login } from "./login.js";
import { batchOf, pictureOf } from "./pictures.js";
import { Rules } from "./rules.js";
import { Sessions } from "./sessions.js";
import { Webhooks } from "./webhooks.js";

/** @import { Call } from "./http.js" */
/** @import { Batch, Emotions, Health, ModelInfo, Picture, PictureOptions, Prediction } from "./types.js" */
/** @import { Io, TokenSource } from "../types.js" */

/**
 * @typedef {object} Options
 * @property {string} [url] of the server, with the path that it is at if any; without it the page's own
 * @property {string} [key] of a program: "vai_..."
 * @property {TokenSource} [token] gives an access token, where you sign in yourself
 * @property {number} [timeout] milliseconds until an answer is here, or has begun where it is streamed
 * @property {"es"|"en"} [language] of descriptions and messages
 */

/**
 * Calls throw ApiError with the API's `code`. Those that the server refused for now (429, 503) are made again when it
 * says, and those that change nothing also where it was not reached: three times in all, within `Retry-After`s of 30 s.
 */
export class VisionAI {
  #bounds;
  #login;

  /** @param {Options} [options] */
  constructor({ url = "", key, token, timeout = 30_000, language } = {}) {
    this.#bounds = { url: url.replace(/\/+$/, ""), timeout, language };
    this.#login = new Login(this.#bounds, token ?? (key ? async () => key : null));
    const call = this.#call.bind(this);
    this.accounts = new Accounts(call, this.#login);
    this.sessions = new Sessions(call);
    this.dashboard = new Dashboard(call);
    this.keys = new Keys(call);
    this.webhooks = new Webhooks(call);
    this.rules = new Rules(call);
  }

  /**
   * Have a picture read.
   *
   * `confidence` says how many people would say the same: at 0.8 eight of ten, of pictures like those the network
   * learned from. What is told is what a face looks like, not what somebody feels.
   * @param {Picture} picture
   * @param {PictureOptions} [options]
   * @returns {Promise<Prediction>}
   * @throws {ApiError} `no_face` where none is found
   */
  predict(picture, { receipt, ...query } = {}) {
    return this.#call("/predict", { method: "POST", ...pictureOf(picture), query, receipt });
  }

  /**
   * Have up to 32 pictures read, each as it would be alone.
   * @param {Picture[]} pictures
   * @param {PictureOptions} [options]
   * @returns {Promise<Batch>}
   * @throws {ApiError}
   */
  predictBatch(pictures, { receipt, ...query } = {}) {
    return this.#call("/predict/batch", { method: "POST", body: batchOf(pictures), query, receipt });
  }

  /** @returns {Promise<Emotions>} the seven expressions, described in the client's language */
  emotions() {
    return this.#call("/emotions");
  }

  /** @returns {Promise<ModelInfo>} which network answers */
  modelInfo() {
    return this.#call("/model/info");
  }

  /** @returns {Promise<Health>} */
  health() {
    return this.#call("/health");
  }

  /**
   * A stream in the same name, that is not connected yet.
   * @param {{io?: Io}} [options]
   */
  stream({ io } = {}) {
    const { url, timeout } = this.#bounds;
    return new VisionAIClient({ url, timeout, token: (again) => this.#login.token(again), io });
  }

  /**
   * @param {string} path
   * @param {Call} [call]
   * @returns {Promise<any>}
   */
  async #call(path, call = {}) {
    const token = await this.#login.token(false);
    try {
      return await send(this.#bounds, path, call, token);
    } catch (error) {
      if (!token || !this.#login.mayHelp(error)) throw error;
      const renewed = await this.#login.token(true);
      if (renewed === token) throw error;
      return send(this.#bounds, path, call, renewed);
    }
  }
}
