// Who calls: a key or a token that was given, or a login whose access token is renewed.
import { ApiError } from "../failures.js";
import { send } from "./http.js";

/** @import { Bounds } from "./http.js" */
/** @import { Tokens } from "./types.js" */
/** @import { TokenSource } from "../types.js" */

export class Login {
  #bounds;
  #given;
  #access = /** @type {string|null} */ (null);
  #refresh = /** @type {string|null} */ (null);
  #renewing = /** @type {Promise<string|null>|null} */ (null);

  /**
   * @param {Bounds} bounds
   * @param {TokenSource|null} given
   */
  constructor(bounds, given) {
    this.#bounds = bounds;
    this.#given = given;
  }

  /**
   * Take the tokens of a login, which count from now on.
   * @param {Tokens} tokens
   */
  enter({ access_token, refresh_token }) {
    this.#access = access_token;
    this.#refresh = refresh_token ?? null;
  }

  /**
   * Take up a login of which only the refresh token is known.
   * @param {string} refreshToken
   */
  resume(refreshToken) {
    this.#access = null;
    this.#refresh = refreshToken;
    return this.token(true);
  }

  leave() {
    this.#access = null;
    this.#refresh = null;
  }

  /**
   * What to show; another one where the last was refused. Callers at the same time share one renewal.
   * @param {boolean} again
   * @returns {Promise<string|null>}
   */
  async token(again) {
    if (this.#access && !(again && this.#refresh)) return this.#access;
    if (!this.#refresh) return this.#given ? this.#given(again) : null;
    this.#renewing ??= this.#renew(this.#refresh).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** @param {string} refresh */
  async #renew(refresh) {
    /** @type {Tokens} */
    const renewed = await send(this.#bounds, "/auth/refresh", { method: "POST" }, refresh);
    this.#access = renewed.access_token;
    return this.#access;
  }

  /**
   * Tell whether a refusal is of a token that a new one may stand in for.
   * @param {unknown} error
   */
  mayHelp(error) {
    const outdated = error instanceof ApiError && ["token_expired", "invalid_token"].includes(error.code);
    return outdated && Boolean(this.#refresh ?? this.#given);
  }
}
