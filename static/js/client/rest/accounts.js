// Accounts and logins.

/** @import { Login } from "./login.js" */
/** @import { Ask, Profile, Tokens, User } from "./types.js" */

export class Accounts {
  #call;
  #login;

  /**
   * @param {Ask} call
   * @param {Login} login
   */
  constructor(call, login) {
    this.#call = call;
    this.#login = login;
  }

  /**
   * Make an account, where registration is open.
   * @param {string} username
   * @param {string} password
   * @returns {Promise<User>}
   */
  register(username, password) {
    return this.#call("/auth/register", { method: "POST", json: { username, password } });
  }

  /**
   * Sign in: all calls are the user's from now on, and the token is renewed as long as the login lasts.
   * @param {string} username
   * @param {string} password
   * @returns {Promise<Tokens>}
   */
  async login(username, password) {
    /** @type {Tokens} */
    const tokens = await this.#call("/auth/login", { method: "POST", json: { username, password } });
    this.#login.enter(tokens);
    return tokens;
  }

  /**
   * Take up a login of before by its refresh token.
   * @param {string} refreshToken
   */
  async resume(refreshToken) {
    await this.#login.resume(refreshToken);
  }

  /** End the login, here and on the server. */
  async logout() {
    await this.#call("/auth/logout", { method: "POST" });
    this.#login.leave();
  }

  /** @returns {Promise<Profile>} who calls */
  me() {
    return this.#call("/auth/users/me");
  }
}
