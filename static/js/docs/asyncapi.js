// An AsyncAPI 3 document as sections: a channel each, with its messages and their fields.
import { el } from "../core/dom.js";
import { t } from "../core/texts.js";

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string|string[]} [type]
 * @property {string} [format]
 * @property {string} [description]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {Schema} [items]
 * @property {Schema[]} [allOf]
 * @property {Schema[]} [anyOf]
 * @property {Schema[]} [oneOf]
 * @property {unknown[]} [enum]
 * @property {unknown} [const]
 *
 * @typedef {{$ref?: string, name?: string, title?: string, summary?: string, description?: string,
 *   payload?: Schema}} Message
 * @typedef {{$ref?: string, address?: string, title?: string, description?: string,
 *   messages?: Record<string, Message>}} Channel
 * @typedef {{action: "send"|"receive", channel: {$ref: string}, messages?: {$ref: string}[],
 *   reply?: {messages?: {$ref: string}[]}}} Operation
 * @typedef {{channels?: Record<string, Channel>, operations?: Record<string, Operation>}} AsyncAPI
 */

/** Schemas name each other; deeper than this only the name is shown. */
const DEEPEST = 3;

/** One document, whose references are followed. */
export class Stream {
  /** @param {AsyncAPI} document */
  constructor(document) {
    this.document = document;
  }

  /** @returns {HTMLElement[]} a section for each channel */
  sections() {
    return Object.entries(this.document.channels ?? {}).map(([name, channel]) => this.#channel(name, channel));
  }

  /** @param {string} name @param {Channel} given */
  #channel(name, given) {
    const channel = this.#resolved(given);
    const messages = Object.entries(channel.messages ?? {});
    return el(
      "section",
      { class: "stack" },
      el("h2", { id: `channel-${name}` }, channel.title ?? name),
      channel.address ? el("p", {}, el("code", {}, channel.address)) : null,
      channel.description ? el("p", {}, channel.description) : null,
      ...messages.map(([key, message]) => this.#message(name, key, message)),
    );
  }

  /** @param {string} channel @param {string} key @param {Message} given */
  #message(channel, key, given) {
    const message = this.#resolved(given);
    const way = this.#way(`#/channels/${channel}/messages/${key}`);
    const said = message.summary ?? message.description;
    return el(
      "details",
      { class: "as-table" },
      el("summary", {}, el("code", {}, message.name ?? key), way ? ` · ${way}` : ""),
      said ? el("p", {}, said) : null,
      message.payload ? this.#fields(message.payload) : null,
    );
  }

  /** Who sends a message, by the operations that name it: the document speaks for the server. @param {string} ref */
  #way(ref) {
    const operations = Object.values(this.document.operations ?? {});
    const named = (/** @type {{$ref: string}[]} */ messages = []) => messages.some((one) => one.$ref === ref);
    const actions = operations.flatMap(({ action, messages, reply }) => [
      ...(named(messages) ? [t(action === "receive" ? "channels.send" : "channels.receive")] : []),
      ...(named(reply?.messages) ? [t(action === "receive" ? "channels.receive" : "channels.send")] : []),
    ]);
    return [...new Set(actions)].join(", ");
  }

  /** @param {Schema} payload */
  #fields(payload) {
    const rows = [...this.#rows(payload)];
    if (!rows.length) return el("p", {}, el("code", {}, this.#type(payload)));
    const heads = ["channels.field", "channels.type", "channels.what"].map((text) =>
      el("th", { scope: "col" }, t(text)),
    );
    const table = el("table", { class: "table" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
    return el("div", { class: "docs-table", tabindex: 0 }, table);
  }

  /**
   * @param {Schema} given
   * @param {string} [path]
   * @param {number} [depth]
   * @returns {Generator<HTMLElement>}
   */
  *#rows(given, path = "", depth = 0) {
    const schema = this.#resolved(given);
    for (const part of schema.allOf ?? []) yield* this.#rows(part, path, depth);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const full = path ? `${path}.${name}` : name;
      yield this.#row(full, this.#resolved(field), schema.required?.includes(name) ?? false);
      const inner = this.#resolved(field);
      if (depth < DEEPEST) yield* this.#rows(inner.items ?? inner, inner.items ? `${full}[]` : full, depth + 1);
    }
  }

  /** @param {string} name @param {Schema} field @param {boolean} required */
  #row(name, field, required) {
    const notes = [field.description, required ? t("channels.required") : ""].filter(Boolean).join(" · ");
    return el("tr", {}, el("td", {}, el("code", {}, name)), el("td", {}, this.#type(field)), el("td", {}, notes));
  }

  /** @param {Schema} given @returns {string} */
  #type(given) {
    const schema = this.#resolved(given);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return [...new Set(choices.map((one) => this.#type(one)))].join(" | ");
    if (schema.items) return `${this.#type(schema.items)}[]`;
    return [schema.type ?? "object"].flat().join(" | ");
  }

  /**
   * What a `$ref` names, followed to its end.
   * @template {{$ref?: string}} Kind
   * @param {Kind} given
   * @returns {Kind}
   */
  #resolved(given) {
    let found = given;
    for (let steps = 0; found.$ref && steps < 10; steps += 1) {
      const path = found.$ref.replace(/^#\//, "").split("/");
      const names = path.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
      found = names.reduce((/** @type {any} */ inside, name) => inside?.[name] ?? {}, this.document);
    }
    return found;
  }
}
