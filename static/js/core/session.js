// Who is signed in. The access token lives in this module's memory and nowhere else; the refresh token is a cookie that
// no script can read. What is remembered beside it is a name to greet with, so that a page need not ask first.
import { ApiError, request } from "./http.js";

const HINT = "visionai.user";
const EARLY = 60_000;

/**
 * @typedef {{username: string, role: string}} User
 * @typedef {{access_token: string, expires_in: number}} Access
 */

/** Events: `change` when somebody signs in or out, `renew` when there is a new access token. */
class Session extends EventTarget {
  #token = /** @type {string|null} */ (null);
  #renewing = /** @type {Promise<string|null>|null} */ (null);
  #timer = 0;

  constructor() {
    super();
    addEventListener("storage", (event) => {
      if (event.key === HINT) this.#forgetToken();
    });
  }

  /** @returns {User|null} who was signed in when last seen */
  get user() {
    try {
      return JSON.parse(localStorage.getItem(HINT) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * An access token, fetched anew where there is none yet; null for somebody who is not signed in.
   * @returns {Promise<string|null>}
   */
  async token() {
    return this.#token ?? (this.user ? this.renew() : null);
  }

  /**
   * Exchange the cookie for a new access token; callers at the same time share one exchange.
   * @returns {Promise<string|null>} null when the login has ended
   */
  renew() {
    this.#renewing ??= this.#exchange().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /**
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    const response = await request("/auth/login", {
      method: "POST",
      query: { cookie: true },
      json: { username, password },
      ours: true,
    });
    this.#keep(await response.json());
    const me = await request("/auth/users/me", { token: this.#token });
    this.#remember(await me.json());
  }

  /** End this login here and on the server. */
  async signOut() {
    const token = await this.token();
    if (token) await request("/auth/logout", { method: "POST", token, ours: true });
    this.end();
  }

  /** Forget who is signed in: the account or the login is gone. */
  end() {
    localStorage.removeItem(HINT);
    this.#forgetToken();
  }

  async #exchange() {
    try {
      const response = await request("/auth/refresh", { method: "POST", ours: true });
      this.#keep(await response.json());
      this.dispatchEvent(new Event("renew"));
      return this.#token;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.end();
      return null;
    }
  }

  /** @param {Access} access */
  #keep(access) {
    this.#token = access.access_token;
    clearTimeout(this.#timer);
    // Timers hold at most 2^31 ms. A failure is not lost: the next call that needs a token tries again.
    const wait = Math.min(Math.max(access.expires_in * 1000 - EARLY, EARLY), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.renew().catch(() => {}), wait);
  }

  /** @param {User} user */
  #remember({ username, role }) {
    localStorage.setItem(HINT, JSON.stringify({ username, role }));
    this.dispatchEvent(new Event("change"));
  }

  #forgetToken() {
    this.#token = null;
    clearTimeout(this.#timer);
    this.dispatchEvent(new Event("change"));
  }
}

export const session = new Session();
